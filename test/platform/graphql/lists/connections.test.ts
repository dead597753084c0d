import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { type AnsweredPage, idsOf, pageFields, walkPages } from "../../../support/pages.ts";
import { startTestServer, type TestServer } from "../../../support/test-server.ts";
import type { Person } from "../../../support/world.ts";

const seminars = `query Seminars($first: Int, $after: String, $orderBy: SeminarOrder, $filter: SeminarFilter) {
  seminars(first: $first, after: $after, orderBy: $orderBy, filter: $filter) { ${pageFields} }
}`;
const participants = `query Participants($id: ID!, $first: Int, $after: String) {
  seminar(id: $id) { participants(first: $first, after: $after) { ${pageFields} } }
}`;
const enrollments = `query Enrollments($first: Int, $after: String) {
  viewer { enrollments(first: $first, after: $after) { ${pageFields} } }
}`;

describe("connections", () => {
  let server: TestServer;
  let person: Person;
  /** Oldest first. The person takes part in all of them, and is the first to join each. */
  const ids: string[] = [];
  beforeAll(async () => {
    server = await startTestServer();
    person = await server.world.person();
    for (let index = 0; index < 23; index++) {
      const seminar = await server.world.seminar({ name: `Paged ${index}`, online: index % 2 === 0 });
      await server.world.enroll(seminar, person);
      ids.push(seminar.id);
    }
    for (const other of await server.world.people(4)) await server.world.enroll({ id: ids[0] as string }, other);
  });
  afterAll(() => server.stop());

  async function seminarPage(variables: object): Promise<AnsweredPage> {
    return (await server.anonymous.data(seminars, variables)).seminars;
  }

  /** Each list with a client that may see it, and where its page stands in the answer. */
  const lists = [
    { name: "seminars", query: seminars, variables: () => ({}) },
    { name: "participants", query: participants, variables: () => ({ id: ids[0] }) },
    { name: "enrollments", query: enrollments, variables: () => ({}) },
  ];

  describe("pages", () => {
    test.each([
      ["LATEST", 1],
      ["LATEST", 7],
      ["EARLIEST", 7],
      ["LATEST", 23],
      ["EARLIEST", 100],
    ])("in the order %s, %i at a time, have every item once", async (orderBy, first) => {
      const pages = await walkPages((after) =>
        seminarPage({ first, after, orderBy, filter: { nameContains: "Paged" } }),
      );
      expect(idsOf(...pages)).toEqual(orderBy === "EARLIEST" ? ids : ids.toReversed());
      expect(pages).toHaveLength(Math.ceil(23 / first));
      for (const page of pages) expect(page.totalCount).toBe(23);
    });

    test.each(["LATEST", "EARLIEST"])(
      "in the order %s have every item once that was there at the beginning, while others are added",
      async (orderBy) => {
        const filter = { nameContains: "Paged" };
        const added: string[] = [];
        const pages = await walkPages(
          (after) => seminarPage({ first: 5, after, orderBy, filter }),
          async () => {
            if (added.length < 4) added.push((await server.world.seminar({ name: "Paged late" })).id);
          },
        );
        const walked = idsOf(...pages);
        // Newest first goes on where it was; oldest first comes to what was added in the end.
        expect(walked).toEqual(orderBy === "EARLIEST" ? [...ids, ...added] : ids.toReversed());
        await server.database.sql("delete from seminars where id = any($1)", [added]);
      },
    );

    test("go on after an item that is gone", async () => {
      const gone = await server.world.seminar({ name: "Gone" });
      const page = await seminarPage({ first: 1 });
      expect(idsOf(page)).toEqual([gone.id]);
      await server.database.sql("delete from seminars where id = $1", [gone.id]);
      const next = await seminarPage({ first: 2, after: page.pageInfo.endCursor });
      expect(idsOf(next)).toEqual(ids.slice(-2).reverse());
    });

    test("tell where they stand: cursors, whether there is more, and the number of all", async () => {
      const [first, middle, last] = (await walkPages((after) =>
        seminarPage({ first: 10, after, filter: { nameContains: "Paged" } }),
      )) as [AnsweredPage, AnsweredPage, AnsweredPage];
      expect([first, middle, last].map((page) => page.pageInfo)).toMatchObject([
        { hasNextPage: true, hasPreviousPage: false },
        { hasNextPage: true, hasPreviousPage: true },
        { hasNextPage: false, hasPreviousPage: true },
      ]);
      for (const page of [first, middle, last]) {
        expect(page.edges.map((edge) => edge.node)).toEqual(page.nodes);
        expect(page.pageInfo.startCursor).toBe(page.edges[0]?.cursor);
        expect(page.pageInfo.endCursor).toBe(page.edges.at(-1)?.cursor);
        expect(page.totalCount).toBe(23);
      }
    });

    test("may start after any item, not only the last of a page", async () => {
      const page = await seminarPage({ first: 10 });
      const next = await seminarPage({ first: 10, after: page.edges[3]?.cursor });
      expect(idsOf(next).slice(0, 6)).toEqual(idsOf(page).slice(4));
    });

    test("without an item have no cursors", async () => {
      expect(await seminarPage({ filter: { nameContains: "nothing of the kind" } })).toEqual({
        totalCount: 0,
        pageInfo: { hasNextPage: false, hasPreviousPage: false, startCursor: null, endCursor: null },
        edges: [],
        nodes: [],
      });
    });

    test.each([
      ["left out", {}],
      ["null", { first: null }],
    ])("have 20 items when `first` is %s", async (_title, variables) => {
      expect((await seminarPage(variables)).nodes).toHaveLength(20);
    });
  });

  describe("arguments", () => {
    test.each(lists.flatMap(({ name }) => [0, -1, 101, 2 ** 31 - 1].map((first) => [name, first] as const)))(
      "%s(first: %i) is BAD_USER_INPUT",
      async (name, first) => {
        const { query, variables } = listOf(name);
        expect(await person.client.fieldFaults(query, { ...variables(), first })).toEqual({ first: "1 to 100." });
      },
    );

    test.each([1.5, "20", 2 ** 31, true])("seminars(first: %p) is BAD_USER_INPUT by its type", async (first) => {
      expect(Object.keys(await person.client.fieldFaults(seminars, { first }))).toEqual(["first"]);
    });

    const malformed = [
      "",
      " ",
      "0",
      "not a cursor",
      "\0",
      "\ud800",
      "세미나",
      cursor("null"),
      cursor("{}"),
      cursor('"seminars:LATEST"'),
      cursor('["seminars:LATEST"]'),
      cursor('["seminars:LATEST",""]'),
      cursor('["seminars:LATEST","7"]'),
      cursor('["seminars:LATEST",7]'),
      cursor('["seminars:LATEST","\'; select 1"]'),
      cursor('["seminars:LATEST","01980000-0000-7000-8000-00000000000"]'),
      cursor('["seminars:LATEST", "01980000-0000-7000-8000-000000000000"]'),
      cursor('["seminars:LATEST","01980000-0000-7000-8000-000000000000","01980000-0000-7000-8000-000000000000"]'),
      cursor('["participants:01980000-0000-7000-8000-000000000000","1"]'),
      "x".repeat(10_000),
    ];
    test.each(lists.flatMap(({ name }) => malformed.map((after) => [name, after] as const)))(
      "%s refuses the cursor %j",
      async (name, after) => {
        const { query, variables } = listOf(name);
        expect(await person.client.fieldFaults(query, { ...variables(), after })).toEqual({
          after: "Not a cursor of this list.",
        });
      },
    );

    test("a cursor with anything added to it is refused", async () => {
      const { endCursor } = (await seminarPage({ first: 1 })).pageInfo;
      for (const after of [`${endCursor}=`, ` ${endCursor}`, `${endCursor}\n`, `${endCursor}x`]) {
        expect(await person.client.fieldFaults(seminars, { after })).toEqual({ after: "Not a cursor of this list." });
      }
    });

    test("a cursor of another list, order, seminar or user is refused", async () => {
      const other = await server.world.person();
      const seminar = await server.world.seminar({ name: "Elsewhere" });
      await server.world.enroll(seminar, other);
      const latest = (await seminarPage({ first: 1 })).pageInfo.endCursor;
      const earliest = (await seminarPage({ first: 1, orderBy: "EARLIEST" })).pageInfo.endCursor;
      const ofSeminar = async (id: string) =>
        (await person.client.data(participants, { id, first: 1 })).seminar.participants.pageInfo.endCursor;
      const ofUser = async (who: Person) =>
        (await who.client.data(enrollments, { first: 1 })).viewer.enrollments.pageInfo.endCursor;
      const first = ids[0] as string;

      const refused = [
        [seminars, { after: earliest }],
        [seminars, { after: latest, orderBy: "EARLIEST" }],
        [seminars, { after: await ofSeminar(first) }],
        [seminars, { after: await ofUser(person) }],
        [participants, { id: first, after: await ofSeminar(seminar.id) }],
        [participants, { id: first, after: latest }],
        [enrollments, { after: await ofUser(other) }],
        [enrollments, { after: latest }],
      ] as const;
      for (const [query, variables] of refused) {
        const { body } = await person.client.send(query, variables);
        expect(body.errors?.[0]?.extensions).toEqual({
          code: "BAD_USER_INPUT",
          fields: [{ path: ["after"], message: "Not a cursor of this list." }],
        });
      }
      expect((await seminarPage({ after: latest })).nodes.length).toBeGreaterThan(0);
      expect((await seminarPage({ after: earliest, orderBy: "EARLIEST" })).nodes.length).toBeGreaterThan(0);
    });
  });

  function listOf(name: string) {
    const list = lists.find((one) => one.name === name);
    if (!list) throw new Error(`There is no list ${name}.`);
    return list;
  }
});

function cursor(text: string): string {
  return Buffer.from(text).toString("base64url");
}
