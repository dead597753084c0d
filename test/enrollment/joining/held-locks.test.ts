import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { startTestServer, type TestServer } from "../../support/test-server.ts";
import { withoutChange } from "../../support/unchanged.ts";
import { dropDocument, join, joinDocument } from "../acts.ts";
import { holdLocks } from "./held-line.ts";

describe("When somebody holds the lock of a seminar for too long", () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer({ variables: { LOCK_TIMEOUT_MS: "200" } });
  });
  afterAll(() => server.stop());

  test.each([
    ["joinSeminar", joinDocument],
    ["dropSeminar", dropDocument],
  ])("%s answers OVERLOADED, says when to come back, and changes nothing", async (_name, document) => {
    const seminar = await server.world.seminar();
    const person = await server.world.person();
    const input = { seminarId: seminar.id };
    const release = await holdLocks(server, [seminar.id]);
    try {
      const { status, body } = await withoutChange(server.database, () => person.client.send(document, { input }));
      expect(status).toBe(200);
      expect(body).toMatchObject({ data: null, errors: [{ extensions: { code: "OVERLOADED" } }] });
      const retryAfterMs = Number(body.errors?.[0]?.extensions.retryAfterMs);
      expect(retryAfterMs).toBeGreaterThanOrEqual(1_000);
      expect(retryAfterMs).toBeLessThan(2_000);
    } finally {
      await release();
    }
    const data = await person.client.data(document, { input });
    expect(Object.values<{ __typename: string }>(data)[0]?.__typename).toMatch(/Success$/);
  });
});

describe("When PostgreSQL ends the connections of transactions", () => {
  const poolSize = 3;
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer({ variables: { DATABASE_POOL_SIZE: String(poolSize), POOL_WAIT_MS: "2000" } });
  });
  afterAll(() => server.stop());

  test("they are OVERLOADED and change nothing, and the next ones have the whole pool again", async () => {
    const people = await server.world.people(poolSize);
    const seminars = await Promise.all(people.map(() => server.world.seminar()));
    const ids = seminars.map((seminar) => seminar.id);
    for (let round = 1; round <= 2; round++) {
      const release = await holdLocks(server, ids);
      const joins = people.map((person, index) =>
        person.client.errorCode(joinDocument, { input: { seminarId: ids[index] } }),
      );
      await endWaiting(server, poolSize);
      expect(await withoutChange(server.database, () => Promise.all(joins))).toEqual(
        Array(poolSize).fill("OVERLOADED"),
      );
      await release();
    }
    const answers = await Promise.all(people.map((person, index) => join(person, seminars[index] as { id: string })));
    expect(answers.map((answer) => answer.__typename)).toEqual(Array(poolSize).fill("JoinSeminarSuccess"));
  });
});

/** Ends the connections that wait for a lock, when there are as many. */
async function endWaiting(server: TestServer, count: number): Promise<void> {
  const waiting = "from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'";
  while ((await server.database.sql(`select ${waiting}`)).length < count) await sleep(10);
  await server.database.sql(`select pg_terminate_backend(pid) ${waiting}`);
}
