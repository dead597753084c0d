import { once } from "node:events";
import { connect } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { type Member, makeCrowd, openSeminar, patience, pressJoin } from "../../support/crowd.ts";
import { createTestDatabase, type TestDatabase } from "../../support/database.ts";
import { until } from "../../support/queue.ts";
import { type SpawnedServer, spawnServer } from "../../support/spawn-server.ts";
import { joinDocument } from "../acts.ts";
import { holdLocks, waitingForLocks } from "./held-line.ts";

describe("Who leaves the line of a locked seminar while others are being served", () => {
  let database: TestDatabase;
  let server: SpawnedServer;
  beforeAll(async () => {
    database = await createTestDatabase();
    server = await spawnServer({ DATABASE_URL: database.url, AUDIT_DATABASE_URL: database.auditUrl, ...patience });
  });
  afterAll(async () => {
    await server.stop();
    await database.drop();
  });

  test("is left out, and the server goes on", async () => {
    const people = await makeCrowd(database, 6);
    const [first, waiting, leaving, ...slow] = people as [Member, Member, Member, ...Member[]];
    await makeSlow(slow);
    const held = await openSeminar(database, 9);
    const locked = await openSeminar(database, 9);
    const open = [];
    for (const _person of slow) open.push(await openSeminar(database, 9));
    const join = (member: Member | undefined, seminarId: string | undefined) =>
      pressJoin(server.url, member as Member, seminarId as string);

    // Somebody is at work on a seminar of their own, so that all others stand in one line.
    const releaseHeld = await holdLocks({ database }, [held]);
    const answers = [join(first, held)];
    await until(async () => (await waitingForLocks({ database })) === 1);
    const releaseLocked = await holdLocks({ database }, [locked]);
    // Each of the slow ones keeps that line busy for a second; behind them stand those who want the locked seminar.
    answers.push(join(slow[0], open[0]));
    await until(async () => (await sleepers()) === 1);
    answers.push(join(slow[1], open[1]), join(waiting, locked));
    await until(async () => (await inLine()) === 2);
    await until(async () => (await inLine()) === 0);
    const client = connect(Number(new URL(server.url).port), "127.0.0.1");
    client.write(joinRequest(leaving, locked));
    answers.push(join(slow[2], open[2]));
    await until(async () => (await inLine()) === 2);
    // Now the one who leaves goes to the line of the locked seminar, and the last of the slow ones is being served.
    await until(async () => (await inLine()) === 1 && (await sleepers()) === 1);
    client.end();
    await once(client.resume(), "close");
    await releaseLocked();
    await releaseHeld();

    expect(await Promise.all(answers)).toEqual(answers.map(() => "JoinSeminarSuccess"));
    expect(await database.sql("select from enrollments where user_id = $1", [leaving.id])).toEqual([]);
    expect((await fetch(new URL("/health/ready", server.url))).status).toBe(200);
  });

  /** Whoever is told to is slow: their insert takes a second. */
  async function makeSlow(members: readonly Member[]): Promise<void> {
    await database.sql(`
      create function take_time() returns trigger language plpgsql as $$
      begin
        if new.user_id in (${members.map(({ id }) => `'${id}'`).join()}) then perform pg_sleep(1); end if;
        return new;
      end $$;
      create trigger take_time before insert on enrollments for each row execute function take_time();`);
  }

  async function sleepers(): Promise<number> {
    const sleeping = "select from pg_stat_activity where datname = current_database() and wait_event = 'PgSleep'";
    return (await database.sql(sleeping)).length;
  }

  /** How many wait to be served, by the server's own count. */
  async function inLine(): Promise<number> {
    const text = await (await fetch(new URL("/metrics", server.url))).text();
    return Number(text.match(/^seminar_group_waiting (\d+)$/m)?.[1]);
  }
});

function joinRequest({ token }: Member, seminarId: string): string {
  const body = JSON.stringify({ query: joinDocument, variables: { input: { seminarId } } });
  const head = ["POST /graphql HTTP/1.1", "host: localhost", "content-type: application/json"];
  return [...head, `authorization: Bearer ${token}`, `content-length: ${body.length}`, "", body].join("\r\n");
}
