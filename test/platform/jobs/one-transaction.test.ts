import { afterEach, beforeEach, expect, test } from "@jest/globals";
import pg from "pg";
import type { JobContext } from "../../../src/platform/jobs/define-job.ts";
import { runJob } from "../../../src/platform/jobs/run-job.ts";
import { mailSeminarChanged, mailSeminarChangedTo } from "../../../src/seminars/seminar-mails.job.ts";
import { patience } from "../../support/crowd.ts";
import { type MailServer, startMailServer } from "../../support/mail-server.ts";
import { addresseeOf } from "../../support/mail-world.ts";
import { countEffects, createEffects, ownJob, startWorkerOf, takeEffect } from "../../support/own-jobs.ts";
import { type Program, startProgram } from "../../support/programs.ts";
import { queuedJobs, queueIsDone, until } from "../../support/queue.ts";
import { startTestServer, startTestWorker, type TestServer } from "../../support/test-server.ts";

let server: TestServer;
const endings: (() => Promise<unknown>)[] = [];
beforeEach(async () => {
  server = await startTestServer();
});
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
  await server.stop();
});

async function add(task: string, payload: object = {}): Promise<string> {
  const [job] = await server.database.sql<{ id: string }>("select id from graphile_worker.add_job($1, $2)", [
    task,
    payload,
  ]);
  return String(job?.id);
}

/** Holds up every commit that adds a job of `task`, until it is let go; gives how many wait. */
async function holdCommits(task: string): Promise<{ waiting(): Promise<number[]>; letGo(): Promise<void> }> {
  const rival = new pg.Client({ connectionString: server.database.url });
  await rival.connect();
  endings.push(() => rival.end());
  await rival.query(`select pg_advisory_lock(1);
    insert into graphile_worker._private_tasks (identifier) values ('${task}') on conflict do nothing;
    create function wait_for_rival() returns trigger language plpgsql as $$
      begin perform pg_advisory_xact_lock_shared(1); return null; end $$`);
  const { rows } = await rival.query(`select id from graphile_worker._private_tasks where identifier = '${task}'`);
  await rival.query(`create constraint trigger hold after insert on graphile_worker._private_jobs
    deferrable initially deferred for each row when (new.task_id = ${rows[0].id}) execute function wait_for_rival()`);
  return {
    waiting: async () => {
      const waiting = await server.database.sql<{ pid: number }>(
        "select pid from pg_stat_activity where datname = current_database() and wait_event = 'advisory'",
      );
      return waiting.map(({ pid }) => pid);
    },
    letGo: async () => {
      await rival.query("select pg_advisory_unlock(1)");
    },
  };
}

async function startWorkerProcess(inbox: MailServer): Promise<Program> {
  const program = startProgram("worker", [], {
    NODE_ENV: "test",
    LOG_LEVEL: "info",
    DATABASE_URL: server.database.url,
    AUDIT_DATABASE_URL: server.database.auditUrl,
    ...variablesFor(inbox),
  });
  endings.push(async () => program.child.exitCode ?? program.child.signalCode ?? (await program.stop("SIGKILL")));
  await program.hasWritten('"working"');
  return program;
}

function variablesFor(inbox: MailServer): Record<string, string> {
  return { ...patience, WORKER_DEAD_AFTER_MS: "5000", MAIL_URL: inbox.url };
}

test.each([
  ["is killed while it commits, and never hears that it has", "SIGKILL"],
  ["loses its connection while it commits, and nothing is", "terminate"],
])(
  "everybody of a seminar gets one mail when the worker that adds them %s",
  async (_name, blow) => {
    const inbox = await startMailServer();
    endings.push(() => inbox.stop());
    const seminar = await server.world.seminar();
    const people = await server.world.people(3);
    for (const person of people) await server.world.enroll(seminar, person);
    const commits = await holdCommits(mailSeminarChangedTo.name);
    await add(mailSeminarChanged.name, { seminarId: seminar.id, fields: ["time"] });

    const victim = await startWorkerProcess(inbox);
    await until(async () => (await commits.waiting()).length === 1);
    if (blow === "SIGKILL") await victim.stop("SIGKILL");
    else await server.database.sql("select pg_terminate_backend($1)", await commits.waiting());
    await commits.letGo();
    const worker = await startTestWorker(server.database, variablesFor(inbox));
    endings.push(() => worker.stop());
    await until(async () => inbox.mails.length >= people.length);
    await queueIsDone(server.database);

    expect(await queuedJobs(server.database)).toEqual([]);
    const emails = await server.database.sql<{ email: string }>("select email from users where id = any($1)", [
      people.map(({ id }) => id),
    ]);
    expect(inbox.mails.map(addresseeOf).sort()).toEqual(emails.map(({ email }) => email).sort());
  },
  60_000,
);

test("a job that two workers run at the same time takes effect once, if it is one transaction", async () => {
  await createEffects(server);
  const run = async (inOneTransaction: boolean) => {
    const job = ownJob({ inOneTransaction, run: takeEffect });
    const jobId = await add(job.name);
    const context = () => ({ jobId, em: server.app.orm.em.fork({ clear: true }) }) as unknown as JobContext;
    await Promise.all([runJob(job, context(), {}), runJob(job, context(), {})]);
    await runJob(job, context(), {});
    return (await server.database.sql("select from effects where job_id = $1", [jobId])).length;
  };
  expect(await run(true)).toBe(1);
  expect(await run(false)).toBe(3);
});

test("a job that is one transaction and fails has no effect, and is tried again", async () => {
  await createEffects(server);
  let failures = 1;
  const job = ownJob({
    inOneTransaction: true,
    run: async (context) => {
      await takeEffect(context);
      if (failures-- > 0) throw new Error("not yet");
    },
  });
  await add(job.name);
  const worker = await startWorkerOf(server, job);
  endings.push(() => worker.stop());
  await until(async () =>
    (await queuedJobs(server.database)).some(({ attempts, locked }) => attempts === 1 && !locked),
  );
  expect(await countEffects(server)).toBe(0);
  await until(async () => (await queuedJobs(server.database)).length === 0);
  expect(await countEffects(server)).toBe(1);
});
