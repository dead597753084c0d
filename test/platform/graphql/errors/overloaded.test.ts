import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import pg from "pg";
import type { Answer } from "../../../support/client.ts";
import { writingNothing } from "../../../support/every-row.ts";
import { startTestServer, type TestServer } from "../../../support/test-server.ts";

const join = "mutation Join($input: JoinSeminarInput!) { joinSeminar(input: $input) { __typename } }";

/** A server for one group of tests, with other variables than usual. */
function serverWith(variables: Record<string, string>): () => TestServer {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer({ variables });
  });
  afterAll(() => server.stop());
  return () => server;
}

/** Does `work` while somebody else holds the seminar's row. */
async function whileLocked<T>({ database }: TestServer, seminarId: string, work: () => Promise<T>): Promise<T> {
  const holder = new pg.Client({ connectionString: database.url });
  await holder.connect();
  await holder.query("begin");
  await holder.query("select from seminars where id = $1 for update", [seminarId]);
  try {
    return await work();
  } finally {
    await holder.end();
  }
}

function expectOverloaded({ body }: Answer): void {
  expect(body.errors).toHaveLength(1);
  expect(body.errors?.[0]).toMatchObject({
    message: "The server is very busy. Please try again in a moment.",
    extensions: { code: "OVERLOADED", retryAfterMs: expect.any(Number) },
  });
  expect(Object.keys(body.errors?.[0]?.extensions ?? {})).toEqual(["code", "retryAfterMs"]);
  expect(body.errors?.[0]?.extensions.retryAfterMs).toBeGreaterThan(0);
}

describe("a seminar whose lock cannot be had in time", () => {
  const server = serverWith({ LOCK_TIMEOUT_MS: "50" });

  test("is OVERLOADED, and nothing is written; afterwards joining succeeds", async () => {
    const seminar = await server().world.seminar();
    const person = await server().world.person();
    const input = { seminarId: seminar.id };
    const answer = await whileLocked(server(), seminar.id, () =>
      writingNothing(server().database, () => person.client.send(join, { input })),
    );
    expectOverloaded(answer);
    expect(await person.client.data(join, { input })).toEqual({ joinSeminar: { __typename: "JoinSeminarSuccess" } });
  });
});

describe("a server whose only connection is in use", () => {
  const server = serverWith({ DATABASE_POOL_SIZE: "1", POOL_WAIT_MS: "300" });

  test("answers OVERLOADED to who waited too long, and nothing is written", async () => {
    const { world, database } = server();
    const [locked, other] = await Promise.all([world.seminar(), world.seminar()]);
    const [first, second] = await world.people(2);
    await whileLocked(server(), locked.id, async () => {
      const waiting = first?.client.send(join, { input: { seminarId: locked.id } });
      await somebodyWaits(database);
      const input = { seminarId: other.id };
      expectOverloaded(await writingNothing(database, () => second?.client.send(join, { input }) as Promise<Answer>));
      return waiting;
    });
  });

  async function somebodyWaits({ sql }: TestServer["database"]): Promise<void> {
    const waiting = "select from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()";
    while ((await sql(waiting)).length === 0);
  }
});

describe("a statement that takes too long", () => {
  const server = serverWith({ STATEMENT_TIMEOUT_MS: "200" });

  test("is OVERLOADED, in a query too", async () => {
    const { sql } = server().database;
    await sql("alter table seminars rename to quick_seminars");
    await sql(`create view seminars as
      select quick_seminars.* from pg_sleep(5) as slept left join quick_seminars on true`);
    const answer = await server().anonymous.send("{ seminars { nodes { id } } }");
    expect(answer.body.data).toBeNull();
    expectOverloaded(answer);
  });
});
