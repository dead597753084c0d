import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { EnrollmentStatus } from "../../src/enrollment/enrollment.entity.ts";
import { type Seminar, SeminarStatus } from "../../src/seminars/seminar.entity.ts";
import { startTestServer, type TestServer } from "../support/test-server.ts";

const seminars = `query Seminars($filter: SeminarFilter, $orderBy: SeminarOrder) {
  seminars(first: 100, filter: $filter, orderBy: $orderBy) { nodes { id name } totalCount }
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

function idsOf(page: { nodes: { id: string }[] }): string[] {
  return page.nodes.map((node) => node.id);
}
