import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { StaffRole } from "../../../src/platform/auth/staff-role.ts";
import { exactCountLimit } from "../../../src/platform/graphql/lists/total-count.ts";
import type { GraphqlClient } from "../../support/client.ts";
import { type AnsweredPage, idsOf, pageFields, walkPages } from "../../support/pages.ts";
import { insertUser } from "../../support/sql-rows.ts";
import { startTestServer, type TestServer } from "../../support/test-server.ts";

const list = `query ($first: Int = 100, $after: String, $filter: UserFilter, $orderBy: UserOrder) {
  users(first: $first, after: $after, filter: $filter, orderBy: $orderBy) { ${pageFields} }
}`;

interface Someone {
  id: string;
  username: string;
  email: string;
  firstName: string | null;
  lastName: string | null;
  accepted: boolean | null;
  isInstructor: boolean;
  staffRole: string | null;
  active: boolean;
}

describe("users", () => {
  let server: TestServer;
  let staff: GraphqlClient;
  /** Oldest first. */
  const people: Someone[] = [];
  beforeAll(async () => {
    server = await startTestServer();
    const viewer = await server.world.person({ username: "zz-viewer", staffRole: StaffRole.VIEWER });
    // Whoever writes waits for the replica, so that the many who only read need not.
    staff = viewer.client.with({ beforeQuery: undefined });
    people.push(
      someone(viewer.id, { username: "zz-viewer", email: viewer.email, accepted: true, staffRole: "VIEWER" }),
    );
    const kinds: Partial<Someone>[] = [
      { username: "ada", firstName: "Ada", lastName: "Lovelace" },
      { username: "Ada.2", firstName: "ada", lastName: "LOVELACE", isInstructor: true },
      { username: "a_b", firstName: "Édouard", lastName: "Lucas" },
      { username: "axb", firstName: "Edouard", lastName: "Lucas", active: false },
      { username: "minjun", firstName: "민준", lastName: "김", accepted: false },
      { username: "Minjun-2", firstName: "민준", lastName: "김" },
      { username: "seoyeon", firstName: "서연", lastName: "이", accepted: null, isInstructor: true },
      { username: "352", email: "numbers@example.org" },
      { username: "nameless", accepted: false, active: false, staffRole: "ADMIN" },
      {
        username: "back",
        firstName: "O’Neil",
        lastName: "d'Arc",
        accepted: null,
        isInstructor: true,
        staffRole: "EDITOR",
      },
    ];
    for (const kind of kinds) people.push(await insertSomeone(kind));
    await server.database.replicated();
  });
  afterAll(() => server.stop());

  async function insertSomeone(kind: Partial<Someone>): Promise<Someone> {
    const person = someone("", { email: `${kind.username}@example.com`, accepted: true, ...kind });
    const id = (await server.database.sql<{ id: string }>("select uuidv7() as id"))[0]?.id as string;
    await insertUser(server.database, {
      id,
      username: person.username,
      email: person.email,
      first_name: person.firstName,
      last_name: person.lastName,
      participant_university: person.accepted === null ? null : "Seoul",
      participant_accepted: person.accepted,
      instructor_company: person.isInstructor ? "Waffle" : null,
      staff_role: person.staffRole,
      active: person.active,
    });
    return { ...person, id };
  }

  async function page(variables: object = {}): Promise<AnsweredPage> {
    return (await staff.data(list, variables)).users;
  }

  function named(...usernames: string[]): string[] {
    return usernames.map((name) => people.find(({ username }) => username === name)?.id as string);
  }

  describe("filters", () => {
    const answers = [undefined, true, false];
    const filters = answers.flatMap((accepted) =>
      answers.flatMap((isStaff) =>
        answers.flatMap((active) =>
          [undefined, "PARTICIPANT", "INSTRUCTOR"].map((hasProfile) => ({ accepted, isStaff, active, hasProfile })),
        ),
      ),
    );

    test("each, alone and with any others, gives who fits all of them, newest first", async () => {
      expect(filters).toHaveLength(81);
      for (const filter of filters) {
        const expected = people
          .filter((one) => filter.accepted === undefined || one.accepted === filter.accepted)
          .filter((one) => filter.isStaff === undefined || (one.staffRole !== null) === filter.isStaff)
          .filter((one) => filter.active === undefined || one.active === filter.active)
          .filter((one) => filter.hasProfile !== "PARTICIPANT" || one.accepted !== null)
          .filter((one) => filter.hasProfile !== "INSTRUCTOR" || one.isInstructor)
          .map((one) => one.id)
          .reverse();
        const shown = await page({ filter });
        expect({ filter, ids: idsOf(shown) }).toEqual({ filter, ids: expected });
        expect(shown.totalCount).toBe(expected.length);
      }
    });

    test.each([
      null,
      {},
      { search: null, hasProfile: null, accepted: null, isStaff: null, active: null },
      { search: "" },
    ])("%j does not matter", async (filter) => {
      expect(idsOf(await page({ filter }))).toEqual(people.map(({ id }) => id).reverse());
    });

    test.each([
      ["255 characters", "a".repeat(255)],
      ["a NUL", "a\0"],
      ["half of a surrogate pair", "\udc00"],
    ])("a search for %s is BAD_USER_INPUT and names the field", async (_title, search) => {
      expect(Object.keys(await staff.fieldFaults(list, { filter: { search } }))).toEqual(["filter.search"]);
    });
  });

  describe("search", () => {
    test.each<[string, string[]]>([
      ["minjun", ["minjun", "Minjun-2"]],
      ["INJUN-2@EXAMPLE", ["Minjun-2"]],
      ["example.org", ["352"]],
      ["ada love", ["ada", "Ada.2"]],
      ["LOVELACE ADA", ["ada", "Ada.2"]],
      ["김민준", ["minjun", "Minjun-2"]],
      ["민준 김", ["minjun", "Minjun-2"]],
      ["민준", ["minjun", "Minjun-2"]],
      ["김", ["minjun", "Minjun-2"]],
      ["김민준".normalize("NFD"), ["minjun", "Minjun-2"]],
      ["김서연", []],
      ["기", []],
      ["_", ["a_b"]],
      ["a_b", ["a_b"]],
      ["%", []],
      ["\\", []],
      ["éDOUARD", ["a_b"]],
      ["edouard", ["axb"]],
      ["d'arc", ["back"]],
      ["’", ["back"]],
      ["352", ["352"]],
      ["\\352", []],
      // The separator of the fields, and what only together with it could be found.
      ["\u001f", []],
      ["ada\u001fada@example.com", []],
      ["adaada", []],
      ["ada ada@", []],
      [" ", ["ada", "Ada.2", "a_b", "axb", "minjun", "Minjun-2", "seoyeon", "back"]],
    ])("for %j takes it literally, whatever its case", async (search, expected) => {
      const shown = await page({ filter: { search } });
      expect(idsOf(shown).sort()).toEqual(named(...expected).sort());
      expect(shown.totalCount).toBe(expected.length);
    });

    test("finds who has changed the name by the new one only", async () => {
      const person = await insertSomeone({ username: "married", firstName: "Grace", lastName: "Murray" });
      await server.database.sql("update users set last_name = 'Hopper' where id = $1", [person.id]);
      await server.database.replicated();
      expect(idsOf(await page({ filter: { search: "grace hopper" } }))).toEqual([person.id]);
      expect(idsOf(await page({ filter: { search: "murray" } }))).toEqual([]);
      await server.database.sql("delete from users where id = $1", [person.id]);
      await server.database.replicated();
    });
  });

  describe("orders", () => {
    const orders: Record<string, string[]> = {
      USERNAME: "352 a_b ada Ada.2 axb back minjun Minjun-2 nameless seoyeon zz-viewer".split(" "),
      EMAIL: "a_b ada.2 ada axb back minjun-2 minjun nameless 352 seoyeon zz-viewer".split(" "),
      // Equal but for their case, or altogether: in the order of sign-up. Without names: last.
      NAME: "back ada Ada.2 axb a_b minjun Minjun-2 seoyeon zz-viewer 352 nameless".split(" "),
    };
    const expectedOrder = (name: string) => (orders[name] ?? []).map((one) => named(byCase(one))[0] as string);
    const byCase = (name: string) =>
      people.find(({ username }) => username.toLowerCase() === name.toLowerCase())?.username as string;

    test.each(Object.keys(orders))("by %s is one of people, and backwards the same reversed", async (name) => {
      expect(idsOf(await page({ orderBy: `${name}_ASC` }))).toEqual(expectedOrder(name));
      expect(idsOf(await page({ orderBy: `${name}_DESC` }))).toEqual(expectedOrder(name).reverse());
    });

    test("LATEST is that of sign-up reversed, EARLIEST is that of sign-up, and null is LATEST", async () => {
      const ids = people.map(({ id }) => id);
      expect(idsOf(await page({ orderBy: "EARLIEST" }))).toEqual(ids);
      expect(idsOf(await page({ orderBy: "LATEST" }))).toEqual(ids.toReversed());
      expect(idsOf(await page({ orderBy: null }))).toEqual(ids.toReversed());
    });

    const all = ["LATEST", "EARLIEST", ...Object.keys(orders).flatMap((name) => [`${name}_ASC`, `${name}_DESC`])];
    test.each(all)("%s has the same items in pages as in one", async (orderBy) => {
      for (const [filter, first] of [
        [{}, 1],
        [{ search: "a", active: true }, 3],
      ]) {
        const whole = idsOf(await page({ orderBy, filter }));
        const pages = await walkPages((after) => page({ first, after, orderBy, filter }));
        expect(idsOf(...pages)).toEqual(whole);
      }
    });

    test("refuse the cursors of each other, and keys that cannot be theirs", async () => {
      const cursors = await Promise.all(
        all.map(async (orderBy) => [orderBy, (await page({ first: 1, orderBy })).pageInfo.endCursor] as const),
      );
      for (const [own, after] of cursors) {
        for (const orderBy of all.filter((one) => one !== own)) {
          expect(await staff.fieldFaults(list, { after, orderBy })).toEqual({ after: "Not a cursor of this list." });
        }
      }
      const id = people[0]?.id;
      const forged = [
        ["users:NAME_ASC", "a", "b"],
        ["users:NAME_ASC", "a", "b", "c"],
        ["users:NAME_ASC", "a\0", "b", id],
        ["users:NAME_ASC", "a", "b", id, id],
        ["users:NAME_ASC", "a", null, id],
      ];
      for (const keys of forged) {
        const after = Buffer.from(JSON.stringify(keys)).toString("base64url");
        expect(await staff.fieldFaults(list, { after, orderBy: "NAME_ASC" })).toEqual({
          after: "Not a cursor of this list.",
        });
      }
    });
  });

  test("totalCount is exact up to 10,000; above that it is about as many, and never 10,000 or less", async () => {
    const filter = { search: "one-of-many" };
    const add = async (from: number, to: number) => {
      await server.database.sql(
        `insert into users (id, username, email, password_hash, locale, participant_university, participant_accepted, created_at)
         select uuidv7(), 'one-of-many-' || n, n || '@example.net', '!', 'EN', '', true, now()
         from generate_series($1::int, $2::int) as n`,
        [from, to],
      );
      await server.database.sql("analyze users");
      await server.database.replicated();
    };
    await add(1, exactCountLimit);
    expect((await page({ first: 1, filter })).totalCount).toBe(10_000);
    await add(exactCountLimit + 1, exactCountLimit + 1);
    expect((await page({ first: 1, filter })).totalCount).toBeGreaterThan(10_000);
    await add(exactCountLimit + 2, 2 * exactCountLimit);
    const { totalCount } = await page({ first: 1, filter });
    expect(totalCount).toBeGreaterThan(15_000);
    expect(totalCount).toBeLessThan(25_000);
    await server.database.sql("delete from users where username like 'one-of-many-%'");
    await server.database.replicated();
  });
});

function someone(id: string, values: Partial<Someone>): Someone {
  return {
    id,
    username: "",
    email: "",
    firstName: null,
    lastName: null,
    accepted: null,
    isInstructor: false,
    staffRole: null,
    active: true,
    ...values,
  };
}
