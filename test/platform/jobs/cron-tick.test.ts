import { afterEach, beforeEach, expect, jest, test } from "@jest/globals";
import pg from "pg";
import { countEffects, createEffects, ownJob, startWorkerOf, takeEffect } from "../../support/own-jobs.ts";
import { queueIsDone, until } from "../../support/queue.ts";
import { startTestServer, type TestServer, type TestWorker } from "../../support/test-server.ts";

let server: TestServer;
let workers: TestWorker[];
let rival: pg.Client;
beforeEach(async () => {
  server = await startTestServer();
  workers = [];
  rival = new pg.Client({ connectionString: server.database.url });
  await rival.connect();
});
afterEach(async () => {
  jest.useRealTimers();
  await rival.end();
  for (const worker of workers) await worker.stop();
  await server.stop();
});

/** Stops the clock, and nothing else that has to do with time: who waits for a minute wakes up until it has come. */
function stopClock(at: string): void {
  const timers = [
    "setTimeout",
    "setInterval",
    "setImmediate",
    "clearTimeout",
    "clearInterval",
    "clearImmediate",
  ] as const;
  const others = ["hrtime", "nextTick", "performance", "queueMicrotask"] as const;
  jest.useFakeTimers({ now: new Date(at), doNotFake: [...timers, ...others] });
}

/** How many workers are about to do what the minute brings, and cannot yet. */
async function heldUp(): Promise<number> {
  const waiting = await server.database.sql(
    `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'
     and query like '%with specs as%'`,
  );
  return waiting.length;
}

test("when the minute of a schedule comes, two workers set about it, and it fires once", async () => {
  await createEffects(server);
  const job = ownJob({ run: takeEffect });
  const schedules = [{ name: "every-minute", cron: "* * * * *", job, makeUpForMs: 0 }];
  stopClock("2026-03-05T09:00:59Z");
  for (const _worker of [1, 2]) workers.push(await startWorkerOf(server, job, { schedules }));
  const known = "select last_execution from graphile_worker._private_known_crontabs where identifier = 'every-minute'";
  await until(async () => (await server.database.sql(known)).length === 1);
  expect(await server.database.sql(known)).toEqual([{ last_execution: null }]);

  await rival.query("begin; lock table graphile_worker._private_known_crontabs in exclusive mode");
  jest.setSystemTime(new Date("2026-03-05T09:01:00Z"));
  await until(async () => (await heldUp()) === 2);
  await rival.query("commit");
  await until(async () => (await heldUp()) === 0);
  await until(async () => (await countEffects(server)) > 0);
  await queueIsDone(server.database);
  expect(await countEffects(server)).toBe(1);
  expect(await server.database.sql(known)).toEqual([{ last_execution: new Date("2026-03-05T09:01:00Z") }]);
});
