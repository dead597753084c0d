import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { EnrollmentRole, EnrollmentStatus } from "../../../src/enrollment/enrollment.entity.ts";
import { StaffRole } from "../../../src/platform/auth/staff-role.ts";
import type { GraphqlClient } from "../../support/client.ts";
import { type AnsweredPage, idsOf, pageFields, walkPages } from "../../support/pages.ts";
import { startTestServer, type TestServer } from "../../support/test-server.ts";

const list = `query ($first: Int = 100, $after: String, $filter: EnrollmentFilter, $orderBy: EnrollmentOrder) {
  enrollments(first: $first, after: $after, filter: $filter, orderBy: $orderBy) { ${pageFields} }
}`;

interface Made {
  id: string;
  seminarId: string;
  userId: string;
  username: string;
  seminarName: string;
  role: EnrollmentRole;
  status: EnrollmentStatus;
}

const names: Record<string, { firstName: string; lastName: string } | null> = {
  ada: { firstName: "Ada", lastName: "Lovelace" },
  minjun: { firstName: "민준", lastName: "김" },
  nameless: null,
  "Ada.2": { firstName: "ada", lastName: "LOVELACE" },
};
const titles = ["Graphs", "웹 100%", "graphs", "_trees"];

describe("enrollments", () => {
  let server: TestServer;
  let staff: GraphqlClient;
  /** Oldest first: everybody in every seminar. */
  const made: Made[] = [];
  beforeAll(async () => {
    server = await startTestServer();
    const { world } = server;
    const viewer = await world.person({ username: "viewer", staffRole: StaffRole.VIEWER });
    // Whoever writes waits for the replica, so that the many who only read need not.
    staff = viewer.client.with({ beforeQuery: undefined });
    const statuses = Object.values(EnrollmentStatus);
    const people = [];
    for (const [username, name] of Object.entries(names)) {
      people.push(await world.person({ username, instructor: true, ...name }));
    }
    for (const [place, seminarName] of titles.entries()) {
      const seminar = await world.seminar({ name: seminarName });
      for (const [index, person] of people.entries()) {
        const leads = place === index;
        const role = leads ? EnrollmentRole.INSTRUCTOR : EnrollmentRole.PARTICIPANT;
        const status = leads ? EnrollmentStatus.ACTIVE : (statuses[(place + index) % 3] as EnrollmentStatus);
        const { id } = await world.enroll(seminar, person, { role, status });
        const { username } = person;
        made.push({ id, seminarId: seminar.id, userId: person.id, username, seminarName, role, status });
      }
    }
    await server.database.replicated();
  });
  afterAll(() => server.stop());

  async function page(variables: object = {}): Promise<AnsweredPage> {
    return (await staff.data(list, variables)).enrollments;
  }

  async function expectThose(filter: object, fits: (one: Made) => boolean) {
    const expected = made.filter(fits).map(({ id }) => id);
    const shown = await page({ filter });
    expect({ filter, ids: idsOf(shown) }).toEqual({ filter, ids: expected.reverse() });
    expect(shown.totalCount).toBe(expected.length);
  }

  describe("filters", () => {
    test("each, alone and with any others, gives what fits all of them, newest first", async () => {
      const [one] = made as [Made];
      for (const seminarId of [undefined, one.seminarId]) {
        for (const userId of [undefined, one.userId]) {
          for (const role of [undefined, ...Object.values(EnrollmentRole)]) {
            for (const status of [undefined, ...Object.values(EnrollmentStatus)]) {
              const filter = { seminarId, userId, role, status };
              const wanted = Object.entries(filter).filter(([, value]) => value !== undefined);
              await expectThose(filter, (it) => wanted.every(([field, value]) => it[field as keyof Made] === value));
            }
          }
        }
      }
    });

    test.each([null, {}, { seminarId: null, userId: null, role: null, status: null, search: null }, { search: "" }])(
      "%j does not matter",
      async (filter) => {
        expect(idsOf(await page({ filter }))).toEqual(made.map(({ id }) => id).reverse());
      },
    );

    test.each(["", "7", "nobody", "01980000-0000-7000-8000-000000000000", "\0", "' or true"])(
      "an id that nothing has, %j, fits nothing",
      async (id) => {
        for (const filter of [{ seminarId: id }, { userId: id }]) {
          expect(await page({ filter })).toMatchObject({ totalCount: 0, nodes: [] });
        }
      },
    );

    test("a search that cannot be stored is BAD_USER_INPUT and names the field", async () => {
      for (const search of ["a\0", "\ud800", "a".repeat(255)]) {
        expect(Object.keys(await staff.fieldFaults(list, { filter: { search } }))).toEqual(["filter.search"]);
      }
    });
  });

  describe("search", () => {
    const isOf =
      (...usernames: string[]) =>
      (one: Made) =>
        usernames.includes(one.username);
    const isIn =
      (...seminarNames: string[]) =>
      (one: Made) =>
        seminarNames.includes(one.seminarName);
    test.each<[string, (one: Made) => boolean]>([
      ["MINJUN@", isOf("minjun")],
      ["김민준", isOf("minjun")],
      ["민준 김", isOf("minjun")],
      ["ada lovelace", isOf("ada", "Ada.2")],
      ["GRAPHS", isIn("Graphs", "graphs")],
      ["웹", isIn("웹 100%")],
      ["%", isIn("웹 100%")],
      ["_", isIn("_trees")],
      ["\\", () => false],
      ["100", isIn("웹 100%")],
      ["nobody", () => false],
      // A part of a person's and of a seminar's name: each enrollment once.
      ["a", () => true],
      ["s", (one) => isOf("nameless")(one) || !isIn("웹 100%")(one)],
    ])("for %j takes it literally, in people and seminars, whatever its case", async (search, fits) => {
      await expectThose({ search }, fits);
    });

    test("goes together with the other filters", async () => {
      const { seminarId } = made[0] as Made;
      await expectThose(
        { search: "ada", seminarId },
        (one) => one.seminarId === seminarId && isOf("ada", "Ada.2")(one),
      );
      await expectThose({ search: "graphs", status: "DROPPED" }, (one) => {
        return one.status === "DROPPED" && isIn("Graphs", "graphs")(one);
      });
    });

    test("finds the same when the text fits more people and seminars than are looked up one by one", async () => {
      await server.database.sql(
        `insert into users (id, username, email, password_hash, locale, participant_university, participant_accepted, created_at)
         select uuidv7(), 'ada-' || n, n || '@example.net', '!', 'EN', '', true, now() from generate_series(1, 1001) as n`,
      );
      await server.database.replicated();
      await expectThose({ search: "ada" }, isOf("ada", "Ada.2"));
      await server.database.sql(
        `insert into seminars (id, name, capacity, session_count, time, online, created_at)
         select uuidv7(), 'About Ada, ' || n, 1, 1, '10:00', true, now() from generate_series(1, 1001) as n`,
      );
      await server.database.replicated();
      await expectThose({ search: "ada" }, isOf("ada", "Ada.2"));
      await expectThose({ search: "ABOUT ADA" }, () => false);
      await server.database.sql("delete from users where username like 'ada-%'");
      await server.database.sql("delete from seminars where name like 'About Ada%'");
      await server.database.replicated();
    });
  });

  describe("orders", () => {
    const byUsername = ["ada", "Ada.2", "minjun", "nameless"];
    const byPerson = (usernames: string[]) => usernames.flatMap((name) => made.filter((one) => one.username === name));
    // Those of the same name come in the order in which they were made.
    const bySeminar = ["_trees", "Graphs", "graphs", "웹 100%"];
    const orders: Record<string, () => Made[]> = {
      USERNAME: () => byPerson(byUsername),
      NAME: () => byPerson(["ada", "Ada.2", "minjun", "nameless"]),
      SEMINAR_NAME: () => bySeminar.flatMap((name) => made.filter((one) => one.seminarName === name)),
    };

    test.each(Object.entries(orders))("by %s goes either way", async (name, expected) => {
      const ids = expected().map(({ id }) => id);
      expect(idsOf(await page({ orderBy: `${name}_ASC` }))).toEqual(ids);
      expect(idsOf(await page({ orderBy: `${name}_DESC` }))).toEqual(ids.toReversed());
    });

    test("LATEST is that of joining reversed, EARLIEST is that of joining, and null is LATEST", async () => {
      const ids = made.map(({ id }) => id);
      expect(idsOf(await page({ orderBy: "EARLIEST" }))).toEqual(ids);
      expect(idsOf(await page({ orderBy: "LATEST" }))).toEqual(ids.toReversed());
      expect(idsOf(await page({ orderBy: null }))).toEqual(ids.toReversed());
    });

    const all = ["LATEST", "EARLIEST", ...Object.keys(orders).flatMap((name) => [`${name}_ASC`, `${name}_DESC`])];
    test.each(all)("%s has the same items in pages as in one", async (orderBy) => {
      for (const filter of [{}, { status: "ACTIVE" }, { search: "graphs" }, { seminarId: made[0]?.seminarId }]) {
        const whole = idsOf(await page({ orderBy, filter }));
        expect(whole.length).toBeGreaterThan(3);
        const pages = await walkPages((after) => page({ first: 3, after, orderBy, filter }));
        expect(idsOf(...pages)).toEqual(whole);
      }
    });

    test("of a seminar, or of a status, refuse the cursors of another", async () => {
      const seminarIds = [...new Set(made.map(({ seminarId }) => seminarId))];
      const filters = [{}, { seminarId: seminarIds[0] }, { seminarId: seminarIds[1] }, { status: "DROPPED" }];
      for (const filter of filters) {
        const after = (await page({ first: 1, filter })).pageInfo.endCursor;
        for (const other of filters.filter((one) => one !== filter)) {
          expect(await staff.fieldFaults(list, { after, filter: other })).toEqual({
            after: "Not a cursor of this list.",
          });
        }
      }
    });

    test("refuse the cursors of each other, and those of a user's own list", async () => {
      const { userId } = made[0] as Made;
      const own = await staff.data(`query ($id: ID!) { user(id: $id) { enrollments(first: 1) { ${pageFields} } } }`, {
        id: userId,
      });
      const foreign: [string, string][] = [["", own.user.enrollments.pageInfo.endCursor]];
      for (const orderBy of all)
        foreign.push([orderBy, (await page({ first: 1, orderBy })).pageInfo.endCursor as string]);
      for (const [name, after] of foreign) {
        for (const orderBy of all.filter((one) => one !== name)) {
          expect(await staff.fieldFaults(list, { after, orderBy })).toEqual({ after: "Not a cursor of this list." });
        }
      }
    });
  });
});
