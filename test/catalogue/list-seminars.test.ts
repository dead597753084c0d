import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { type Seminar, SeminarStatus } from "../../src/catalogue/seminar.entity.ts";
import { EnrollmentStatus } from "../../src/enrollment/enrollment.entity.ts";
import { encodeCursor } from "../../src/platform/graphql/lists/cursors.ts";
import { type AnsweredPage, idsOf, pageFields, walkPages } from "../support/pages.ts";
import { startTestServer, type TestServer } from "../support/test-server.ts";

const seminars = `query Seminars($filter: SeminarFilter, $orderBy: SeminarOrder) {
  seminars(first: 100, filter: $filter, orderBy: $orderBy) { nodes { id name } totalCount }
}`;

const seminarsAfter = `query ($after: String, $orderBy: SeminarOrder) {
  seminars(after: $after, orderBy: $orderBy) { nodes { id } }
}`;

describe("seminars", () => {
  describe("filters of a catalogue of 36", () => {
    let server: TestServer;
    const catalogue: (Seminar & { isFull: boolean })[] = [];
    beforeAll(async () => {
      server = await startTestServer();
      for (const status of Object.values(SeminarStatus)) {
        for (const online of [true, false]) {
          for (const isFull of [true, false]) {
            for (const word of ["Graphs", "Trees", "More graphs"]) {
              const seminar = await server.world.seminar({ name: `${word} ${catalogue.length}`, online, capacity: 1 });
              if (isFull) await server.world.enroll(seminar, await server.world.person());
              await server.database.sql("update seminars set status = $1 where id = $2", [status, seminar.id]);
              catalogue.push({ ...seminar, status, isFull });
            }
          }
        }
      }
    });
    afterAll(() => server.stop());

    const words = [undefined, "GRAPHS"];
    const flags = [undefined, true, false];
    const statuses = [undefined, ...Object.values(SeminarStatus)];
    const filters = words.flatMap((nameContains) =>
      flags.flatMap((online) =>
        flags.flatMap((hasFreeSeats) => statuses.map((status) => ({ nameContains, online, hasFreeSeats, status }))),
      ),
    );

    test("each filter, alone and with any others, gives what fits all of them, newest first", async () => {
      expect(filters).toHaveLength(72);
      for (const filter of filters) {
        const expected = catalogue
          .filter((one) => filter.nameContains === undefined || one.name.toLowerCase().includes("graphs"))
          .filter((one) => filter.online === undefined || one.online === filter.online)
          .filter((one) => filter.hasFreeSeats === undefined || one.isFull !== filter.hasFreeSeats)
          .filter((one) => filter.status === undefined || one.status === filter.status)
          .map((one) => one.id)
          .reverse();
        const { seminars: page } = await server.anonymous.data(seminars, { filter });
        expect({ filter, ids: idsOf(page) }).toEqual({ filter, ids: expected });
        expect(page.totalCount).toBe(expected.length);
      }
    });

    test.each([null, {}, { nameContains: null, online: null, hasFreeSeats: null, status: null }, { nameContains: "" }])(
      "the filter %j does not matter",
      async (filter) => {
        const { seminars: page } = await server.anonymous.data(seminars, { filter });
        expect(idsOf(page)).toEqual(catalogue.map((one) => one.id).reverse());
      },
    );

    test("EARLIEST is the order of LATEST reversed, and null is LATEST", async () => {
      const ordered = async (orderBy: string | null) =>
        idsOf((await server.anonymous.data(seminars, { orderBy })).seminars);
      expect(await ordered("EARLIEST")).toEqual(catalogue.map((one) => one.id));
      expect(await ordered("LATEST")).toEqual(catalogue.map((one) => one.id).reverse());
      expect(await ordered(null)).toEqual(await ordered("LATEST"));
    });

    test("anybody sees them, logged in or not", async () => {
      const person = await server.world.person();
      expect(await person.client.data(seminars)).toEqual(await server.anonymous.data(seminars));
    });

    test.each([
      ["101 characters", { nameContains: "a".repeat(101) }, "filter.nameContains"],
      ["a NUL", { nameContains: "a\0" }, "filter.nameContains"],
      ["half of a surrogate pair", { nameContains: "\udc00" }, "filter.nameContains"],
      ["a status that does not exist", { status: "POSTPONED" }, "filter.status"],
      ["a flag that is text", { online: "yes" }, "filter.online"],
    ])("a filter with %s is BAD_USER_INPUT and names the field", async (_title, filter, field) => {
      const faults = await server.anonymous.fieldFaults(seminars, { filter });
      expect(Object.keys(faults)).toEqual([field]);
    });
  });

  describe("nameContains", () => {
    let server: TestServer;
    const names = [
      "100% graphs",
      "100 graphs",
      "snake_case",
      "snakeXcase",
      "back\\slash",
      "backslash",
      "Économie à Orléans",
      "ECONOMIE",
      "ÜBUNG straße",
      "웹 개발 세미나",
      "세미나 웹",
      "Ψυχολογία",
      'It\'s "quoted"; drop table seminars',
      "💺 seats",
    ];
    beforeAll(async () => {
      server = await startTestServer();
      for (const name of names) await server.world.seminar({ name });
    });
    afterAll(() => server.stop());

    test.each([
      ["%", ["100% graphs"]],
      ["0% g", ["100% graphs"]],
      ["_", ["snake_case"]],
      ["e_c", ["snake_case"]],
      ["\\", ["back\\slash"]],
      ["\\s", ["back\\slash"]],
      ["%%", []],
      ["\\%", []],
      ["GRAPHS", ["100 graphs", "100% graphs"]],
      ["économie À", ["Économie à Orléans"]],
      ["economie", ["ECONOMIE"]],
      ["übung", ["ÜBUNG straße"]],
      ["STRASSE", []],
      ["세미나", ["세미나 웹", "웹 개발 세미나"]],
      ["웹 개", ["웹 개발 세미나"]],
      ["ΨΥΧΟΛΟΓΊΑ", ["Ψυχολογία"]],
      ['\'S "QUOTED"; DROP', ['It\'s "quoted"; drop table seminars']],
      ["💺", ["💺 seats"]],
      [" ", names.filter((name) => name.includes(" ")).reverse()],
      ["nothing of the kind", []],
    ])("takes %j literally, whatever its case", async (nameContains, expected) => {
      const { seminars: page } = await server.anonymous.data(seminars, { filter: { nameContains } });
      const found = page.nodes.map((node: { name: string }) => node.name);
      expect(found.sort()).toEqual([...expected].sort());
      expect(page.totalCount).toBe(expected.length);
    });
  });

  describe("orders", () => {
    let server: TestServer;
    const rows: [name: string, capacity: number, startsOn: string | null][] = [
      ["banana", 3, "2030-05-02"],
      ["Apple", 20, null],
      ["가지", 3, "2030-05-02"],
      ["apple", 100, "2029-12-31"],
      ["Ächte", 20, null],
      ["10 trees", 1, "9999-12-31"],
    ];
    const ids: string[] = [];
    beforeAll(async () => {
      server = await startTestServer();
      for (const [name, capacity, startsOn] of rows) {
        ids.push((await server.world.seminar({ name, capacity, startsOn })).id);
      }
    });
    afterAll(() => server.stop());

    const page = async (variables: object): Promise<AnsweredPage> =>
      (
        await server.anonymous.data(
          `query ($first: Int = 100, $after: String, $orderBy: SeminarOrder) {
            seminars(first: $first, after: $after, orderBy: $orderBy) { ${pageFields} }
          }`,
          variables,
        )
      ).seminars;

    // Those that are alike come in the order in which they were made; those that say no day come last.
    const orders: [string, number[]][] = [
      ["NAME", [5, 4, 1, 3, 0, 2]],
      ["STARTS_ON", [3, 0, 2, 5, 1, 4]],
      ["CAPACITY", [5, 0, 2, 1, 4, 3]],
    ];
    test.each(orders)("%s goes either way, and has the same items in pages as in one", async (name, places) => {
      const expected = places.map((place) => ids[place] as string);
      for (const [orderBy, whole] of [
        [`${name}_ASC`, expected],
        [`${name}_DESC`, expected.toReversed()],
      ] as const) {
        expect(idsOf(await page({ orderBy }))).toEqual(whole);
        for (const first of [1, 2]) {
          expect(idsOf(...(await walkPages((after) => page({ first, after, orderBy }))))).toEqual(whole);
        }
      }
    });

    test.each([
      ["STARTS_ON_ASC", "2030-02-30"],
      ["STARTS_ON_ASC", "0000-01-01"],
      ["STARTS_ON_ASC", "-infinity"],
      ["CAPACITY_ASC", "9999999999"],
      ["CAPACITY_ASC", "-1"],
      ["NAME_ASC", "\0"],
    ])("%s refuses a cursor with the key %j", async (orderBy, key) => {
      const after = encodeCursor(`seminars:${orderBy}`, [key, ids[0] as string]);
      expect(await server.anonymous.fieldFaults(seminarsAfter, { after, orderBy })).toEqual({
        after: "Not a cursor of this list.",
      });
    });
  });

  test("hasFreeSeats looks at the seats that are taken, not at who dropped", async () => {
    const server = await startTestServer();
    try {
      const seminar = await server.world.seminar({ capacity: 1 });
      const person = await server.world.person();
      await server.world.enroll(seminar, person, { status: EnrollmentStatus.DROPPED });
      const count = async (hasFreeSeats: boolean) =>
        (await server.anonymous.data(seminars, { filter: { hasFreeSeats } })).seminars.totalCount;
      expect(await count(true)).toBe(1);
      expect(await count(false)).toBe(0);
    } finally {
      await server.stop();
    }
  });
});
