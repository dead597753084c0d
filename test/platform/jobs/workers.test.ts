import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import type { EntityManager } from "@mikro-orm/postgresql";
import pg from "pg";
import { EnrollmentStatus } from "../../../src/enrollment/enrollment.entity.ts";
import { promotionOf } from "../../../src/enrollment/waiting-list/promote-waiting-list.job.ts";
import { auditEntry, serverItself } from "../../../src/platform/audit/write-audit-entry.job.ts";
import { inTransaction } from "../../../src/platform/database/in-transaction.ts";
import { enqueue } from "../../../src/platform/jobs/enqueue.ts";
import { patience } from "../../support/crowd.ts";
import { brokenInvariants } from "../../support/invariants.ts";
import { ownJob, startWorkerOf } from "../../support/own-jobs.ts";
import { type Program, startProgram } from "../../support/programs.ts";
import { queuedJobs, queueIsDone, until } from "../../support/queue.ts";
import { startTcpProxy } from "../../support/tcp-proxy.ts";
import { startTestServer, startTestWorker, type TestServer, type TestWorker } from "../../support/test-server.ts";

const joinQueue = { status: EnrollmentStatus.WAITLISTED };
const drop = "mutation ($id: ID!) { dropSeminar(input: { seminarId: $id }) { __typename } }";

let folder: string;
let server: TestServer;
let variables: Record<string, string>;
let programs: Program[];
let workers: TestWorker[];
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "mails-"));
  variables = { DATA_DIR: folder, WORKER_DEAD_AFTER_MS: "1000" };
  server = await startTestServer({ variables: patience });
  programs = [];
  workers = [];
});
afterEach(async () => {
  await Promise.all(workers.map((worker) => worker.stop()));
  for (const { child, stop } of programs)
    if (child.exitCode === null && child.signalCode === null) await stop("SIGKILL");
  await server.stop();
  await rm(folder, { recursive: true });
});

async function startWorkerProcess(): Promise<Program> {
  const { url, auditUrl } = server.database;
  const environment = { NODE_ENV: "test", LOG_LEVEL: "info", DATABASE_URL: url, AUDIT_DATABASE_URL: auditUrl };
  const program = startProgram("worker", [], { ...environment, ...variables });
  programs.push(program);
  await program.hasWritten('"working"');
  return program;
}

async function startWorkerHere(): Promise<void> {
  workers.push(await startTestWorker(server.database, variables));
}

const em = () => server.app.orm.em.fork() as EntityManager;

/** Holds up whoever writes into this table, while `work` is done. */
async function whileLocked(url: string, table: string, work: () => Promise<void>): Promise<void> {
  const rival = new pg.Client({ connectionString: url });
  await rival.connect();
  await rival.query(`begin; lock table ${table} in exclusive mode`);
  try {
    await work();
  } finally {
    await rival.end();
  }
}

async function lockedJobs(): Promise<object[]> {
  return (await queuedJobs(server.database)).filter(({ locked }) => locked);
}

/** How many connections to the audit database wait for a lock. */
async function waitingForLocks(): Promise<number> {
  const waiting = await server.database.auditSql(
    "select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'",
  );
  return waiting.length;
}

test("what a worker leaves behind when it is killed amid a thousand jobs is done by another, each exactly once", async () => {
  const seminars = await Promise.all(Array.from({ length: 10 }, () => server.world.seminar({ capacity: 5 })));
  for (const seminar of seminars) {
    for (const person of await server.world.people(7)) await server.world.enroll(seminar, person, joinQueue);
  }
  const targets = Array.from({ length: 990 }, (_, index) => String(index));
  const entries = targets.map((id) => auditEntry(serverItself, "test", "Job", id, {}));
  await inTransaction(em(), async (em) => {
    for (const entry of entries) await enqueue(em, entry);
    await enqueue(em, ...seminars.map(({ id }) => promotionOf(id)));
  });

  const victim = await startWorkerProcess();
  await until(async () => (await server.database.auditSql("select from audit_entries limit 100")).length === 100);
  await whileLocked(server.database.auditUrl, "audit_entries", async () => {
    // All four are in the middle of a job, and those before are completed, which the worker does not wait for.
    await until(async () => (await waitingForLocks()) === 4 && (await lockedJobs()).length === 4);
    await victim.stop("SIGKILL");
  });
  const left = await queuedJobs(server.database);
  expect(await lockedJobs()).toHaveLength(4);
  expect(left.length).toBeGreaterThan(100);

  await startWorkerHere();
  await queueIsDone(server.database);
  expect(await queuedJobs(server.database)).toEqual([]);
  const written = await server.database.auditSql<{ action: string; entries: number; targets: number }>(
    `select action, count(*)::int as entries, count(distinct target_id)::int as targets
     from audit_entries group by action order by action`,
  );
  expect(written).toEqual([
    { action: "promoteWaitingList", entries: 50, targets: 50 },
    { action: "test", entries: 990, targets: 990 },
  ]);
  const counts = await server.database.sql("select distinct participant_count, waitlist_count from seminars");
  expect(counts).toEqual([{ participant_count: 5, waitlist_count: 2 }]);
  expect(await brokenInvariants(server.database)).toEqual({});
}, 90_000);

test("D5: a hundred seats that are freed at once go to the first hundred in line, while a worker is killed", async () => {
  const { world, database } = server;
  const seminar = await world.seminar({ capacity: 100, registrationClosesAt: new Date("2020-01-01T00:00:00Z") });
  const leaving = await world.people(100);
  for (const person of leaving) await world.enroll(seminar, person);
  const queue = await world.people(200);
  for (const person of queue) await world.enroll(seminar, person, joinQueue);
  const ineligible = new Set(queue.filter((_, index) => index % 10 === 3).map(({ id }) => id));
  const half = [...ineligible].slice(0, 10);
  await database.sql("update users set participant_accepted = false where id = any($1)", [[...ineligible]]);
  await database.sql("update users set participant_accepted = true, active = false where id = any($1)", [half]);

  const victim = await startWorkerProcess();
  await startWorkerHere();
  await startWorkerHere();
  const drops = leaving.map(({ client }) => client.data(drop, { id: seminar.id }));
  await Promise.race(drops);
  await until(async () => (await promoted()).length > 0);
  await victim.stop("SIGKILL");
  for (const { dropSeminar } of await Promise.all(drops)) expect(dropSeminar.__typename).toBe("DropSeminarSuccess");
  await queueIsDone(database);

  const expected = queue.filter(({ id }) => !ineligible.has(id)).slice(0, 100);
  expect(await promoted()).toEqual(expected.map(({ id }) => id));
  const [entries] = await database.auditSql(
    `select count(*)::int as entries, count(distinct target_id)::int as people
     from audit_entries where action = 'promoteWaitingList'`,
  );
  expect(entries).toEqual({ entries: 100, people: 100 });
  expect(await brokenInvariants(database)).toEqual({});

  /** Who has a seat, in the order in which they got it. */
  async function promoted(): Promise<string[]> {
    const rows = await database.sql<{ user_id: string }>(
      "select user_id from enrollments where seminar_id = $1 and status = 'ACTIVE' and not user_id = any($2) order by sequence",
      [seminar.id, leaving.map(({ id }) => id)],
    );
    return rows.map((row) => row.user_id);
  }
}, 90_000);

test("a worker that is asked to stop ends in good order, and holds no job any more", async () => {
  const worker = await startWorkerProcess();
  const entry = auditEntry(serverItself, "test", "Job", "1", {});
  await whileLocked(server.database.auditUrl, "audit_entries", async () => {
    await inTransaction(em(), (em) => enqueue(em, entry));
    await until(async () => (await queuedJobs(server.database)).some(({ locked }) => locked));
    worker.child.kill("SIGTERM");
    await worker.hasWritten('"stopping"');
  });
  expect(await worker.ended).toMatchObject({ code: 0, stdout: expect.stringContaining('"stopped"') });
  expect((await queuedJobs(server.database)).filter(({ locked }) => locked)).toEqual([]);
  expect(await server.database.sql("select * from workers")).toEqual([]);
});

test("a job that takes longer than a worker may be silent stays with its worker, since that is not silent", async () => {
  const { database } = server;
  await Promise.all([startWorkerHere(), startWorkerHere()]);
  await whileLocked(database.auditUrl, "audit_entries", async () => {
    await inTransaction(em(), (em) => enqueue(em, auditEntry(serverItself, "test", "Job", "1", {})));
    // All workers were heard of, and looked for dead ones, long after the job began.
    const heardAfter = `select from workers, graphile_worker._private_jobs as jobs
      where seen_at > jobs.locked_at + interval '1500 ms'`;
    await until(async () => (await database.sql(heardAfter)).length === 2);
    expect(await queuedJobs(database)).toMatchObject([{ attempts: 1, locked: true }]);
  });
  await queueIsDone(database);
  expect(workers.flatMap(({ logLines }) => logLines).filter((line) => line.includes("dead"))).toEqual([]);
});

test("a worker that cannot say that a job is done, since the database is gone, goes on when it is back", async () => {
  const { database } = server;
  const proxy = await startTcpProxy(database.url);
  variables.DATABASE_URL = proxy.url;
  const worker = await startWorkerProcess();
  await whileLocked(database.auditUrl, "audit_entries", async () => {
    await inTransaction(em(), (em) => enqueue(em, auditEntry(serverItself, "test", "Job", "1", {})));
    await until(async () => (await queuedJobs(database)).some(({ locked }) => locked));
    await proxy.close();
  });
  await until(async () => (await database.auditSql("select from audit_entries")).length === 1);
  await worker.hasWritten("could not begin anew");
  await proxy.open();
  await queueIsDone(database);
  expect(await queuedJobs(database)).toEqual([]);
  expect(await database.auditSql("select from audit_entries")).toHaveLength(1);
  expect(await worker.stop()).toMatchObject({ code: 0 });
  await proxy.close();
}, 60_000);

test("a worker that cannot say of one job after the other that it is done begins anew", async () => {
  const { database } = server;
  await database.sql(
    `create function refuse() returns trigger language plpgsql as $$ begin raise 'not now'; end $$;
     create trigger refuse before delete on graphile_worker._private_jobs for each row execute function refuse()`,
  );
  const gates = Array.from({ length: 4 }, () => Promise.withResolvers<void>());
  let started = 0;
  const job = ownJob({ run: async () => await gates[started++]?.promise });
  for (const key of ["first", "second", "third", "fourth"])
    await database.sql("select graphile_worker.add_job($1, job_key => $2)", [job.name, key]);
  const worker = await startWorkerOf(server, job, { deadAfterMs: 1_000, concurrency: 4 });
  workers.push(worker);
  const failures = () => worker.logLines.filter((line) => line.includes("Failed to complete jobs")).length;
  await until(async () => started === 4);
  for (const [index, gate] of gates.entries()) {
    gate.resolve();
    await until(async () => failures() === index + 1);
  }
  await database.sql("drop trigger refuse on graphile_worker._private_jobs");
  await queueIsDone(database);
  expect(await queuedJobs(database)).toEqual([]);
  expect(started).toBe(8);
  expect(worker.logLines.filter((line) => line.includes("the worker has begun anew"))).toHaveLength(1);
}, 60_000);

test("a time that passed while all workers were down is made up for once, by whichever of two comes first", async () => {
  const { database } = server;
  // Known since yesterday, and not done since: its last time has passed.
  await database.sql(
    `insert into graphile_worker._private_known_crontabs (identifier, known_since, last_execution)
     values ('finish-seminars', now() - interval '3 days', now() - interval '2 days')`,
  );
  const over = await server.world.seminar({ startsOn: "2020-01-01", sessionCount: 2 });
  await Promise.all([startWorkerHere(), startWorkerHere()]);
  await until(async () => (await server.database.auditSql("select from audit_entries")).length > 0);
  await queueIsDone(database);

  const runs = workers.flatMap(({ logLines }) => logLines).filter((line) => line.includes("seminars were finished"));
  expect(runs).toHaveLength(1);
  expect(await database.sql("select status from seminars where id = $1", [over.id])).toEqual([{ status: "FINISHED" }]);
  const [row] = await database.sql(
    "select last_execution > now() - interval '1 day' as fresh from graphile_worker._private_known_crontabs where identifier = 'finish-seminars'",
  );
  expect(row).toEqual({ fresh: true });
});
