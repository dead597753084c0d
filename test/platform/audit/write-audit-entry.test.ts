import { afterAll, beforeAll, expect, test } from "@jest/globals";
import type { EntityManager } from "@mikro-orm/postgresql";
import { auditEntry, serverItself } from "../../../src/platform/audit/write-audit-entry.job.ts";
import { inTransaction } from "../../../src/platform/database/in-transaction.ts";
import type { JobSpec } from "../../../src/platform/jobs/define-job.ts";
import { enqueue } from "../../../src/platform/jobs/enqueue.ts";
import { queuedEntries, queuedJobs, until } from "../../support/queue.ts";
import { startTestServer, startTestWorker, type TestServer, type TestWorker } from "../../support/test-server.ts";

let server: TestServer;
let worker: TestWorker;
beforeAll(async () => {
  server = await startTestServer();
  worker = await startTestWorker(server.database);
});
afterAll(async () => {
  await worker.stop();
  await server.stop();
});

const targets = async (action: string) =>
  await server.database.auditSql<{ target: string }>(
    "select target_id as target from audit_entries where action = $1 order by target_id",
    [action],
  );

function entriesOf(action: string, ...ids: string[]) {
  return ids.map((id) => auditEntry(serverItself, action, "Job", id, {}));
}

test("the entries of one transaction are written together", async () => {
  await inTransaction(server.app.orm.em.fork() as EntityManager, (em) =>
    enqueue(em, ...entriesOf("together", "1", "2", "3")),
  );
  await until(async () => (await queuedJobs(server.database)).length === 0);
  expect(await targets("together")).toEqual([{ target: "1" }, { target: "2" }, { target: "3" }]);
});

test("an entry that cannot be written keeps none of the others waiting, and is not lost", async () => {
  await server.database.auditSql("alter table audit_entries add check (target_id <> 'bad')");
  await inTransaction(server.app.orm.em.fork() as EntityManager, (em) =>
    enqueue(em, ...entriesOf("alone", "1", "2", "bad", "4")),
  );
  await until(async () =>
    (await queuedJobs(server.database)).some(({ attempts, locked }) => attempts === 1 && !locked),
  );
  expect(await targets("alone")).toEqual([{ target: "1" }, { target: "2" }, { target: "4" }]);
  expect(await queuedEntries(server.database)).toHaveLength(4);
  await server.database.sql("delete from graphile_worker._private_jobs");
});

test("a job of an older version, with one entry that is no list, is done too", async () => {
  const [spec] = entriesOf("older", "1");
  const [entry] = (spec as JobSpec).payload as [object];
  await server.database.sql("select graphile_worker.add_job('writeAuditEntry', $1)", [entry]);
  await until(async () => (await queuedJobs(server.database)).length === 0);
  expect(await targets("older")).toEqual([{ target: "1" }]);
});
