import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { until } from "../../support/queue.ts";
import { startTestServer, startTestWorker, type TestServer } from "../../support/test-server.ts";

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());

test("removeExpiredLimits removes what was counted more than an hour ago, and nothing else", async () => {
  const { database } = server;
  const hoursAgo = (hours: number) => Date.now() - hours * 3_600_000;
  await database.sql("insert into rate_limits values ('old', 1, $1), ('just over', 1, $2), ('going on', 1, $3)", [
    hoursAgo(2),
    hoursAgo(0.5),
    hoursAgo(-0.5),
  ]);
  await database.sql("select graphile_worker.add_job('removeExpiredLimits', '{}')");
  const worker = await startTestWorker(database);
  await until(async () => (await keysOf(server)).length < 3);
  await worker.stop();
  expect(await keysOf(server)).toEqual(["going on", "just over"]);
});

async function keysOf({ database }: TestServer): Promise<string[]> {
  const rows = await database.sql<{ key: string }>("select key from rate_limits order by key");
  return rows.map(({ key }) => key);
}
