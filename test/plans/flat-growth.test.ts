import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { encodeCursor } from "../../src/platform/graphql/lists/cursors.ts";
import { startTestServer, type TestServer } from "../support/test-server.ts";
import type { Statement } from "./captured-statements.ts";
import { forgetStatistics } from "./growing-data.ts";
import { GrowingWorld, groupSize } from "./growing-world.ts";
import { type Touched, touchedBy } from "./touched.ts";

const card = "username firstName participant { university }";

const list = `query ($after: String) { seminars(first: 20, after: $after) {
  nodes { name participantCount instructors { user { ${card} } } } pageInfo { hasNextPage }
} }`;

const chances = `{ seminars(first: 20) { nodes {
  viewerEnrollment { status waitlistPosition } joinEligibility asInstructor: joinEligibility(role: INSTRUCTOR)
} } }`;

const detail = `query ($id: ID!, $after: String) { seminar(id: $id) {
  name participants(first: 50, after: $after) { nodes { status user { ${card} } } }
} }`;

const contacts = `query ($id: ID!) { seminar(id: $id) { participants(first: 50) { nodes { user {
  email enrollments(first: 3) { nodes { status } }
} } } } }`;

const viewerPage = `query ($after: String) { viewer { username
  enrollments(first: 3, after: $after) { nodes { role joinedAt seminar { name time } } }
} }`;

const places = `query ($status: EnrollmentStatus) { viewer { enrollments(first: 20, status: $status) { nodes {
  status waitlistPosition seminar { name instructors { user { ${card} } } }
} } } }`;

type Operation = (world: GrowingWorld) => Promise<Statement[]>;

const operations: Record<string, Operation> = {
  "the list": (world) => world.query(world.member, list),
  "the list with the viewer's place and chances": (world) => world.query(world.member, chances),
  "the detail with 50 people": (world) => world.query(world.member, detail, { id: world.seminarId }),
  "the detail as its instructor sees it": (world) => world.query(world.instructor, contacts, { id: world.seminarId }),
  "the viewer's page": (world) => world.query(world.member, viewerPage),
  "the viewer's places, with one on a waiting list": (world) => world.query(world.waiter, places),
  "the viewer's places on waiting lists": (world) => world.query(world.waiter, places, { status: "WAITLISTED" }),
  "a join": (world) => world.join(world.seminarId),
  "a drop": (world) => world.drop(world.seminarId),
  "100 joins in one transaction": (world) => world.groupOfJoins(),
  "a look at 100 people and one seminar": (world) => lookAt(world, [world.seminarId]),
  "a look at 100 people and 20 seminars": (world) => lookAt(world, world.newestIds),
  "a look for sessions that have ended": (world) => world.watchOfSessions(),
  "the sessions of 100 people": async (world) => {
    const sent = await world.query(world.member, "{ viewer { username } }");
    const ids = await world.ids("select id from sessions where user_id = any($1)", [peopleOf(world)]);
    return world.ofGroup(sent, "from sessions", [ids]);
  },
};

function peopleOf(world: GrowingWorld): string[] {
  return world.strangers.map(({ id }) => id);
}

/** Seminars take turns. */
async function lookAt(world: GrowingWorld, seminarIds: string[]): Promise<Statement[]> {
  const sent = await world.join(world.seminarId);
  const people = peopleOf(world);
  const asked = people.map((_person, index) => seminarIds[index % seminarIds.length]);
  const firstPlaces = seminarIds.map((_id, index) => index + 1);
  return world.ofGroup(sent, "wal_file", [seminarIds, firstPlaces, people, asked]);
}

interface List {
  query: string;
  pageSize: number;
  /** The ids or places of all that is in the list, and the cursor after one of them. */
  keys(world: GrowingWorld): Promise<string[]>;
  after(world: GrowingWorld, key: string): string;
}

const lists: Record<string, List> = {
  "the seminars": {
    query: list,
    pageSize: 20,
    keys: (world) => world.ids("select id from seminars order by id desc"),
    after: (_world, key) => encodeCursor("seminars:LATEST", [key]),
  },
  "the participants of a seminar with 10,000": {
    query: detail,
    pageSize: 50,
    keys: (world) =>
      world.ids(
        "select sequence as id from enrollments where seminar_id = $1 and role = 'PARTICIPANT' order by sequence",
        [world.crowdedId],
      ),
    after: (world, key) => encodeCursor(`participants:${world.crowdedId}`, [key]),
  },
  "the viewer's enrollments": {
    query: viewerPage,
    pageSize: 3,
    keys: (world) => world.ids("select id from enrollments where user_id = $1 order by id desc", [world.memberId]),
    after: (world, key) => encodeCursor(`enrollments:${world.memberId}`, [key]),
  },
};

describe("with 40 times as many enrollments", () => {
  let server: TestServer;
  let world: GrowingWorld;
  const sent = new Map<string, Statement[]>();
  const small = new Map<string, Touched>();
  beforeAll(async () => {
    server = await startTestServer();
    world = new GrowingWorld(server);
    await world.begin();
    for (const [name, statementsOf] of Object.entries(operations)) sent.set(name, await statementsOf(world));
    for (const [name, statements] of sent) {
      // PostgreSQL likes to read a small table from end to end: what a row costs by an index is compared.
      small.set(name, await touchedBy(world.url, statements, ["enable_seqscan = off"]));
    }
    await world.grow();
  }, 120_000);
  afterAll(async () => {
    await world.end();
    await server.stop();
  });

  const states: Record<string, () => Promise<unknown>> = {
    "believes that nobody waits": async () => {},
    "has never analyzed the tables": () => forgetStatistics(world.postgres),
    "has analyzed the tables": () => world.postgres.query("vacuum analyze"),
  };

  describe.each(Object.entries(states))("when PostgreSQL %s", (_state, bringAbout) => {
    beforeAll(bringAbout, 60_000);

    test.each(Object.keys(operations))("%s touches no more than before", async (name) => {
      const large = await touchedBy(world.url, sent.get(name) as Statement[]);
      expectNoMore(large, small.get(name) as Touched);
    });

    test("the detail of a seminar with 10,000 people touches no more than that of one with 50", async () => {
      const statements = await world.query(world.member, detail, { id: world.crowdedId });
      expectNoMore(await touchedBy(world.url, statements), small.get("the detail with 50 people") as Touched);
    });

    test("a join of a seminar with 10,000 people touches no more than of one with 50", async () => {
      const statements = await world.join(world.crowdedId);
      expectNoMore(await touchedBy(world.url, statements), small.get("a join") as Touched);
    });
  });

  describe("deep in a list", () => {
    beforeAll(() => states["has analyzed the tables"]?.(), 60_000);

    test.each(Object.keys(lists))(
      "a page in the middle of %s touches no more than the first, nor does the last",
      async (name) => {
        const { query, pageSize, keys, after } = lists[name] as List;
        const all = await keys(world);
        const touchedAfter = async (key: string | undefined) => {
          const variables = { id: world.crowdedId, after: key === undefined ? null : after(world, key) };
          return await touchedBy(world.url, await world.query(world.member, query, variables));
        };
        const first = await touchedAfter(undefined);
        expectNoMore(await touchedAfter(all[Math.floor(all.length / 2)]), first);
        expectNoMore(await touchedAfter(all[all.length - pageSize - 1]), first);
      },
    );
  });
});

/** While it plans, PostgreSQL looks at the ends of indexes, where the rows of those who came and went in this test may be. */
const planningRows = 2 * groupSize;

/**
 * The same rows by the same indexes. Their pages may be more: in a small database several entries of an index share a page,
 * and several rows do; in a large one each may be on a page of its own, beneath one level more. A hundredfold growth adds no
 * more than that level, since a page of an index has room for more than a hundred entries.
 */
function expectNoMore(large: Touched, small: Touched): void {
  expect(large.fullScans).toEqual([]);
  expect(large.rows).toBeLessThanOrEqual(small.rows + planningRows);
  expect(large.pages).toBeLessThanOrEqual(small.pages + 2 * large.descents + large.rows);
}
