import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import pg from "pg";
import type { Seminar } from "../../../../src/catalogue/seminar.entity.ts";
import { StaffRole } from "../../../../src/platform/auth/staff-role.ts";
import type { GraphqlClient } from "../../../support/client.ts";
import { openSharing, type SharingServer } from "../../../support/sharing-server.ts";
import type { Person } from "../../../support/world.ts";

const list = "query List($first: Int) { seminars(first: $first) { nodes { name participantCount } } }";
const detail = `query Detail($id: ID!) {
  seminar(id: $id) { name participantCount participants { totalCount nodes { user { username } } } }
}`;

let sharing: SharingServer;
let seminar: Seminar;
let instructor: Person;
let person: Person;
beforeAll(async () => {
  sharing = await openSharing();
  const { world } = sharing.server;
  instructor = await world.person({ instructor: true });
  person = await world.person();
  seminar = await world.seminar({}, instructor);
  await world.enroll(seminar, person);
  await sharing.server.database.replicated();
});
afterAll(() => sharing.close());

/** A document that nobody has sent before, asking for the same. */
let made = 0;
function fresh(document: string): string {
  return `# ${++made}\n${document}`;
}

describe("the same operation", () => {
  test("is answered again from the answer before it, to whoever asks, with the same head", async () => {
    const document = fresh(list);
    const first = await sharing.ask(sharing.anonymous, document, { first: 3 });
    const again = await sharing.ask(person.client, document, { first: 3 });
    expect(first.by).toBe("replica-1");
    expect(again.by).toBe("replica-1, shared");
    expect(again.body).toEqual(first.body);
    const headOf = ({ headers }: typeof first) =>
      [...headers].filter(([name]) => !["x-request-id", "served-by", "date"].includes(name));
    expect(headOf(again)).toEqual(headOf(first));
    expect(again.headers.get("cache-control")).toBe("no-store");
    expect(again.headers.get("x-request-id")).not.toBe(first.headers.get("x-request-id"));
  });

  test("is not the same with other variables, another name of the operation, or another text", async () => {
    const document = fresh(`${list} query Other { seminars(first: 1) { totalCount } }`);
    const asked = [
      await sharing.ask(sharing.anonymous, document, { first: 3 }, "List"),
      await sharing.ask(sharing.anonymous, document, { first: 4 }, "List"),
      await sharing.ask(sharing.anonymous, document, { first: 3 }, "Other"),
      await sharing.ask(sharing.anonymous, `${document} `, { first: 3 }, "List"),
    ];
    expect(asked.map(({ by }) => by)).toEqual(Array(4).fill("replica-1"));
    expect((await sharing.ask(sharing.anonymous, document, { first: 3 }, "Other")).by).toBe("replica-1, shared");
  });

  test("is not taken for another one whose name and text look alike when put together", async () => {
    const document = "query { seminars(first: 7) { totalCount } }";
    await sharing.ask(sharing.anonymous, document);
    const { body } = await sharing.ask(sharing.anonymous, document.replace("query ", ""), undefined, "query");
    expect(body.errors?.[0]?.extensions.code).toBe("OPERATION_RESOLUTION_FAILURE");
  });

  test("under another Accept has a head of its own", async () => {
    const document = fresh(list);
    await sharing.ask(sharing.anonymous, document);
    const other = sharing.anonymous.with({ headers: { accept: "application/graphql-response+json" } });
    const first = await sharing.ask(other, document);
    const again = await sharing.ask(other, document);
    expect([first.by, again.by]).toEqual(["replica-1", "replica-1, shared"]);
    expect(again.headers.get("content-type")).toBe("application/graphql-response+json; charset=utf-8");
  });

  test("may come with what clients always send along, but not with a persisted query", async () => {
    const document = fresh(list);
    const post = async (body: object) => (await sharing.post({ query: document, ...body })).headers.get("served-by");
    expect(await post({ variables: null, operationName: null })).toBe("replica-1");
    expect(await post({ extensions: { clientLibrary: { name: "any" } } })).toBe("replica-1, shared");
    expect(await post({ extensions: { persistedQuery: { version: 1, sha256Hash: "0" } } })).not.toMatch(/shared/);
  });

  test("goes the ordinary way by another content type, by GET, and in a batch", async () => {
    const document = fresh(list);
    await sharing.ask(sharing.anonymous, document);
    const body = { query: document };
    expect((await sharing.post(body, { "content-type": "text/plain" })).status).toBeGreaterThanOrEqual(400);
    expect((await sharing.post([body])).status).toBe(400);
    const got = await fetch(`${sharing.url}?query=${encodeURIComponent(document)}`, {
      headers: { "apollo-require-preflight": "true" },
    });
    expect([got.status, got.headers.get("served-by")]).toEqual([200, "replica-1"]);
    const blocked = await fetch(`${sharing.url}?query=${encodeURIComponent(document)}`);
    expect(blocked.status).toBe(400);
  });

  test("is read each time when the window is 0", async () => {
    const off = await openSharing({ SHARED_READ_MS: "0" });
    const answers = [await off.ask(off.anonymous, list), await off.ask(off.anonymous, list)];
    expect(answers.map(({ by }) => by)).toEqual(["replica-1", "replica-1"]);
    expect(await off.outcomes()).toEqual({ hit: 0, joined: 0, miss: 0 });
    await off.close();
  });
});

describe("viewers", () => {
  test("who are not logged in never get the answer for those who are, nor the other way round", async () => {
    const other = await sharing.server.world.person();
    const staff = await sharing.server.world.person({ staffRole: StaffRole.ADMIN });
    const all = [sharing.anonymous, person.client, other.client, staff.client];
    for (const client of [person.client, other.client, staff.client]) await sharing.know(client);
    const document = fresh(detail);
    const seen: unknown[] = [];
    for (const client of [...all, ...all.toReversed()]) {
      const { by, body } = await sharing.ask(client, document, { id: seminar.id });
      seen.push([by, body.data?.seminar.participants?.totalCount ?? null]);
    }
    const [read, again] = ["replica-1", "replica-1, shared"];
    expect(seen).toEqual([
      [read, null],
      [read, 1],
      [again, 1],
      [again, 1],
      [again, 1],
      [again, 1],
      [again, 1],
      [again, null],
    ]);
  });

  test("with a token that nobody signed are anonymous in this too", async () => {
    const document = fresh(detail);
    await sharing.know(person.client);
    await sharing.ask(person.client, document, { id: seminar.id });
    const { body } = await sharing.ask(sharing.anonymous.with({ token: "a.b.c" }), document, { id: seminar.id });
    expect(body.data?.seminar.participants).toBeNull();
  });

  test("who turn out to be logged in no more keep their answer to themselves", async () => {
    const gone = await sharing.server.world.person();
    for (const client of [gone.client, person.client]) await sharing.know(client);
    // So long ago that no server hears of it.
    const end = "update sessions set ended_at = now() - interval '1 hour' where user_id = $1";
    await sharing.server.database.sql(end, [gone.id]);
    await sharing.server.database.replicated();
    const document = fresh(detail);
    const ask = async ({ client }: Person) => {
      const { by, body } = await sharing.ask(client, document, { id: seminar.id });
      return [by, body.data?.seminar.participants?.totalCount ?? null];
    };
    expect(await ask(gone)).toEqual(["replica-1", null]);
    expect(await ask(person)).toEqual(["replica-1", 1]);
    expect(await ask(gone)).toEqual(["replica-1", null]);
  });

  test("each get their own truth of what is private (A5)", async () => {
    const staff = await sharing.server.world.person({ staffRole: StaffRole.VIEWER });
    const stranger = await sharing.server.world.person();
    const clients = { person, staff, instructor, stranger };
    await sharing.server.database.replicated();
    const document = fresh(
      "query ($id: ID!) { user(id: $id) { username email staffRole participant { accepted } enrollments { totalCount } } }",
    );
    const ask = async (client: GraphqlClient) => {
      const { by, body } = await sharing.ask(client, document, { id: person.id });
      expect(by).toBe("replica-1");
      return body.data?.user.email;
    };
    for (let round = 0; round < 2; round++) {
      expect(await ask(sharing.anonymous)).toBeNull();
      for (const [name, { client }] of Object.entries(clients)) {
        expect([name, await ask(client)]).toEqual([name, name === "stranger" ? null : person.email]);
      }
    }
  });

  test("each get their own answer to what is theirs, and each moment its own time", async () => {
    const own = fresh("query ($id: ID!) { viewer { id } seminar(id: $id) { viewerEnrollment { id } } }");
    const stranger = await sharing.server.world.person();
    await sharing.server.database.replicated();
    const mine = await sharing.ask(person.client, own, { id: seminar.id });
    const theirs = await sharing.ask(stranger.client, own, { id: seminar.id });
    expect(mine.body.data).toEqual({ viewer: { id: person.id }, seminar: { viewerEnrollment: expect.any(Object) } });
    expect(theirs.body.data).toEqual({ viewer: { id: stranger.id }, seminar: { viewerEnrollment: null } });
    const [one, other] = [
      await sharing.ask(sharing.anonymous, "{ serverTime }"),
      await sharing.ask(sharing.anonymous, "{ serverTime }"),
    ];
    expect(one.body.data?.serverTime).not.toBe(other.body.data?.serverTime);
  });
});

test("errors are not shared, nor what comes with them", async () => {
  const before = await sharing.outcomes();
  const document = fresh(list);
  for (let time = 0; time < 3; time++) {
    const { by, body } = await sharing.ask(sharing.anonymous, document, { first: 0 });
    expect([by, body.errors?.[0]?.extensions.code]).toEqual(["replica-1", "BAD_USER_INPUT"]);
  }
  for (const query of ["{ seminars { nothing } }", "{ seminars {", "query A { seminars { totalCount } }"]) {
    const { body } = await sharing.ask(sharing.anonymous, query, undefined, "B");
    expect(body.errors).toHaveLength(1);
  }
  expect((await sharing.outcomes()).miss - before.miss).toBe(3);
});

describe("a thousand reloads", () => {
  /** How many statements it costs, and what becomes of it, when five people reload a page two hundred times each. */
  async function reload(document: string, variables: object) {
    const crowd = await sharing.server.world.people(5);
    for (const { client } of crowd) await sharing.know(client);
    const before = await sharing.outcomes();
    const statements = await sharing.statementsOf(async () => {
      for (let time = 0; time < 200; time++) {
        await Promise.all(crowd.map(({ client }) => sharing.ask(client, document, variables)));
      }
    });
    const after = await sharing.outcomes();
    return {
      statements,
      read: after.miss - before.miss,
      shared: after.hit + after.joined - before.hit - before.joined,
    };
  }

  test("of the list cost one read of it: who asks, and the seminars", async () => {
    expect(await reload(fresh(list), { first: 20 })).toEqual({ statements: 2, read: 1, shared: 999 });
  });

  test("of what only those see who are logged in cost about as little", async () => {
    const { statements, read } = await reload(fresh(detail), { id: seminar.id });
    // Now and then the server has to make sure who is logged in; without sharing it would be 5,000 statements.
    expect(statements).toBeLessThan(250);
    expect(read).toBe(1);
  });
});

test("what is told about a shared answer is the same as of any other: a line in the log, and the metrics", async () => {
  const document = fresh(list);
  await sharing.know(person.client);
  await sharing.ask(person.client, document);
  const before = await sharing.outcomes();
  const { headers } = await sharing.ask(person.client, document);
  const requestId = headers.get("x-request-id");
  const lines = sharing.server.logLines.map((line) => JSON.parse(line)).filter((line) => line.requestId === requestId);
  expect(lines).toEqual([
    {
      level: 30,
      time: expect.any(Number),
      requestId,
      operation: "List",
      kind: "query",
      viewerId: person.id,
      route: "replica-1, shared",
      durationMs: expect.any(Number),
      sqlCount: 0,
      msg: "operation",
    },
  ]);
  expect(await sharing.outcomes()).toEqual({ ...before, hit: before.hit + 1 });
  const metrics = await (await fetch(`${sharing.server.origin}/metrics`)).text();
  expect(metrics).toMatch(/seminar_operation_seconds_count\{kind="query",served_by="replica-1, shared"\} \d+/);
  expect(metrics).toMatch(/seminar_shared_reads_total\{outcome="hit"\} \d+/);
});

test("equal reads under way are one read", async () => {
  const alone = await openSharing({ DATABASE_REPLICA_URLS: "" });
  try {
    const locking = new pg.Client({ connectionString: alone.server.database.url });
    await locking.connect();
    await locking.query("begin; lock table seminars in access exclusive mode");
    let answers: Promise<{ by: string | null }[]> | undefined;
    const statements = await alone.statementsOf(async () => {
      answers = Promise.all(Array.from({ length: 20 }, () => alone.ask(alone.anonymous, list)));
      await alone.someoneWaitsForLock();
      await locking.query("rollback");
      await answers;
    });
    await locking.end();
    expect(statements).toBe(1);
    const by = (await answers)?.map((answer) => answer.by).toSorted();
    expect(by).toEqual(["primary", ...Array(19).fill("primary, shared")]);
  } finally {
    await alone.close();
  }
});
