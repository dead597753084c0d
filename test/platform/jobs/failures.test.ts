import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { jobs as allJobs } from "../../../src/app/jobs.ts";
import { StaffRole } from "../../../src/platform/auth/staff-role.ts";
import type { Job } from "../../../src/platform/jobs/define-job.ts";
import { PermanentFailure } from "../../../src/platform/jobs/permanent-failure.ts";
import { refusal, startMailServer } from "../../support/mail-server.ts";
import { ownJob, startWorkerOf } from "../../support/own-jobs.ts";
import { queueIsDone, until } from "../../support/queue.ts";
import { startTestServer, startTestWorker, type TestServer, type TestWorker } from "../../support/test-server.ts";

let server: TestServer;
let worker: TestWorker | undefined;
beforeEach(async () => {
  server = await startTestServer();
});
afterEach(async () => {
  await worker?.stop();
  worker = undefined;
  await server.stop();
});

interface Row {
  task: string;
  attempts: number;
  locked: boolean;
  lastError: string | null;
  /** When its next attempt is, in seconds after it was started last, and from now. */
  afterStart: number;
  fromNow: number;
}

function rows(): Promise<Row[]> {
  return server.database.sql<Row>(
    `select identifier as task, attempts, locked_at is not null as locked, last_error as "lastError",
       extract(epoch from run_at - updated_at)::float as "afterStart",
       extract(epoch from run_at - clock_timestamp())::float as "fromNow"
     from graphile_worker._private_jobs as jobs join graphile_worker._private_tasks as tasks on tasks.id = task_id
     order by identifier`,
  );
}

async function add(task: string, payload: object, maxAttempts = 10): Promise<void> {
  await server.database.sql("select graphile_worker.add_job($1, $2, max_attempts => $3)", [task, payload, maxAttempts]);
}

/** Has the jobs that are there tried now. */
async function tryNow(attempts: number | null = null): Promise<void> {
  await server.database.sql(
    `select from graphile_worker.reschedule_jobs(
       array(select id from graphile_worker._private_jobs), run_at => now(), attempts => $1
     )`,
    [attempts],
  );
}

test("the pause after each attempt is e times as long as the one before", async () => {
  const job = ownJob({ run: () => Promise.reject(new Error("not yet")) });
  await add(job.name, {});
  worker = await startWorkerOf(server, job);
  for (let attempt = 1; attempt <= 5; attempt++) {
    let row: Row | undefined;
    await until(async () => {
      [row] = await rows();
      return row?.attempts === attempt && !row.locked;
    });
    expect(row?.afterStart).toBeGreaterThanOrEqual(Math.exp(attempt) - 0.001);
    expect(row?.fromNow).toBeLessThanOrEqual(Math.exp(attempt));
    await tryNow();
  }
});

test("a job that finds that trying again is of no use is FAILED at its first attempt, and says why", async () => {
  const job = ownJob({ run: () => Promise.reject(new PermanentFailure("there is no such thing")) });
  await add(job.name, {});
  worker = await startWorkerOf(server, job);
  await queueIsDone(server.database);
  expect(await rows()).toMatchObject([{ attempts: 10, locked: false, lastError: "there is no such thing" }]);
  expect(worker.logLines.filter((line) => line.includes("a job failed"))).toHaveLength(1);

  await tryNow(0);
  await until(async () => worker?.logLines.filter((line) => line.includes("a job failed")).length === 2);
  await queueIsDone(server.database);
});

test("a mail that the mail server refuses for good is FAILED at its first attempt, and staff see why and start it again", async () => {
  const { world } = server;
  const [refused, taken] = await world.people(2);
  const isKnown = new Set([taken?.id]);
  const emails = await server.database.sql<{ id: string; email: string }>("select id, email from users");
  const inbox = await startMailServer({
    onRcptTo: ({ address }, _session, done) =>
      done(
        isKnown.has(emails.find(({ email }) => email === address)?.id) ? null : refusal(550, `no <${address}> here`),
      ),
  });
  try {
    for (const person of [refused, taken]) await add("mailWelcome", { userId: person?.id });
    worker = await startTestWorker(server.database, { MAIL_URL: inbox.url });
    await queueIsDone(server.database);

    expect(inbox.mails).toHaveLength(1);
    const { client } = await world.person({ staffRole: StaffRole.ADMIN });
    const failed = "{ jobs(filter: { state: FAILED }) { nodes { id task lastError payload } } }";
    const { nodes } = (await client.data(failed)).jobs;
    expect(nodes).toMatchObject([
      { task: "mailWelcome", lastError: "The mail server answered 550 at RCPT TO.", payload: { userId: refused?.id } },
    ]);
    expect(worker.logLines.filter((line) => line.includes("a job failed"))).toHaveLength(1);

    isKnown.add(refused?.id);
    await client.data(`mutation { retryJobs(input: { jobIds: ["${nodes[0].id}"] }) { succeededIds } }`);
    await until(async () => inbox.mails.length === 2);
    await queueIsDone(server.database);
    expect((await client.data(failed)).jobs.nodes).toEqual([]);
  } finally {
    await inbox.stop();
  }
});

describe("a payload that an older deploy has written and that means nothing any more", () => {
  const jobs: readonly Pick<Job<unknown>, "name" | "payload" | "maxAttempts">[] = allJobs;
  const withPayload = jobs.filter(({ payload }) => !payload.safeParse({}).success);

  test("is FAILED at its first attempt, for every job, and staff read which field is at fault", async () => {
    for (const { name, maxAttempts } of withPayload)
      await add(name, { id: 7, writtenBy: "an older deploy" }, maxAttempts);
    worker = await startTestWorker(server.database);
    await queueIsDone(server.database);

    const found = await rows();
    expect(found.map(({ task }) => task)).toEqual(withPayload.map(({ name }) => name).sort());
    for (const { task, lastError } of found) {
      const fault = `The payload is not what ${task} expects. `;
      expect(lastError?.slice(0, fault.length)).toBe(fault);
      expect(lastError?.slice(fault.length)).toMatch(/^[\w.]+: Invalid \w+/);
    }
    const failures = worker.logLines.map((line) => JSON.parse(line)).filter(({ msg }) => msg === "a job failed");
    expect(failures.map(({ job, attempt }) => `${job} ${attempt}`).sort()).toEqual(
      found.map(({ task }) => `${task} 1`),
    );
  });

  test("cannot be of a job that has none", () => {
    const without = jobs.filter((job) => !withPayload.includes(job)).map(({ name }) => name);
    expect(without.sort()).toEqual(
      [
        "finishSeminars",
        "hastenAuditEntries",
        "mendCounters",
        "removeExpiredLimits",
        "removeOldIdempotencyKeys",
        "removeOldJobs",
        "removeOldSessions",
      ].sort(),
    );
  });
});
