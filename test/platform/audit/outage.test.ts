import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { StaffRole } from "../../../src/platform/auth/staff-role.ts";
import { createTestDatabase, type TestDatabase } from "../../support/database.ts";
import { startProgram } from "../../support/programs.ts";
import { queuedJobs, until } from "../../support/queue.ts";
import { startTcpProxy, type TcpProxy } from "../../support/tcp-proxy.ts";
import { startTestServer, startTestWorker, type TestServer, type TestWorker } from "../../support/test-server.ts";

const rename = `mutation ($name: String!) { updateViewer(input: { firstName: $name, lastName: "Kim" }) { __typename } }`;
const changes = 500;

let database: TestDatabase;
let proxy: TcpProxy;
let server: TestServer;
let worker: TestWorker;
beforeAll(async () => {
  database = await createTestDatabase();
  proxy = await startTcpProxy(database.auditUrl);
  const variables = { AUDIT_DATABASE_URL: proxy.url };
  server = await startTestServer({ database, variables });
  worker = await startTestWorker(database, variables);
});
afterAll(async () => {
  await worker.stop();
  await server.stop();
  await proxy.close();
  await database.drop();
});

test("while the audit database is down nothing else notices, and afterwards every change has its entry, once", async () => {
  const people = await server.world.people(10);
  const observer = await server.world.person({ staffRole: StaffRole.VIEWER });
  await proxy.close();

  for (let round = 0; round < changes / people.length; round++) {
    const name = String.fromCharCode(97 + Math.floor(round / 26), 97 + (round % 26));
    const answers = await Promise.all(people.map(({ client }) => client.data(rename, { name })));
    for (const { updateViewer } of answers) expect(updateViewer.__typename).toBe("UpdateViewerSuccess");
  }
  await until(async () => (await queuedJobs(database)).some(({ attempts, locked }) => attempts > 0 && !locked));
  expect(await observer.client.errorCode("{ auditEntries { nodes { id } } }")).toBe("OVERLOADED");
  expect((await fetch(`${server.origin}/health/ready`)).status).toBe(200);
  expect(await queuedJobs(database, "writeAuditEntry")).toHaveLength(changes);

  await proxy.open();
  // What the schedule does every five minutes.
  await database.sql("select graphile_worker.add_job('hastenAuditEntries', max_attempts => 1)");
  await until(async () => (await queuedJobs(database, "writeAuditEntry")).length === 0);
  const [row] = await database.auditSql(
    `select count(*)::int as entries, count(distinct target_id)::int as people,
       count(distinct (target_id, changes -> 'firstName'))::int as changes from audit_entries`,
  );
  expect(row).toEqual({ entries: changes, people: people.length, changes });
}, 90_000);

test("a server starts, and serves, while the audit database is down", async () => {
  const AUDIT_DATABASE_URL = "postgres://bob:s3cret@127.0.0.1:1/seminar_audit";
  const variables = { NODE_ENV: "test", LOG_LEVEL: "info", DATABASE_URL: database.url, AUDIT_DATABASE_URL };
  const program = startProgram("main", [], variables);
  try {
    const [, origin] = (await program.hasWritten('"serving"')).match(/"address":"([^"]+)"/) ?? [];
    expect((await fetch(`${origin}/health/ready`)).status).toBe(200);
  } finally {
    const { code, stdout, stderr } = await program.stop();
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toContain("the audit database cannot be reached");
    expect(stdout).not.toContain("s3cret");
  }
});

test("entries are neither changed nor deleted, whoever asks", async () => {
  const before = await database.auditSql("select * from audit_entries order by id");
  expect(before.length).toBeGreaterThan(0);
  for (const statement of [
    "update audit_entries set action = 'nothing'",
    "delete from audit_entries",
    "truncate audit_entries",
  ]) {
    await expect(database.auditSql(statement)).rejects.toThrow("neither changed nor deleted");
  }
  expect(await database.auditSql("select * from audit_entries order by id")).toEqual(before);
});
