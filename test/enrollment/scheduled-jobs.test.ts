import { afterAll, beforeAll, beforeEach, expect, test } from "@jest/globals";
import { EnrollmentStatus } from "../../src/enrollment/enrollment.entity.ts";
import { brokenInvariants } from "../support/invariants.ts";
import { queuedJobs, queueIsDone, until } from "../support/queue.ts";
import { startTestServer, startTestWorker, type TestServer, type TestWorker } from "../support/test-server.ts";

let server: TestServer;
let worker: TestWorker;
beforeAll(async () => {
  server = await startTestServer();
});
beforeEach(async () => {
  await server.database.sql("delete from graphile_worker._private_jobs");
});
afterAll(() => server.stop());

/** Has a worker do what is in the queue. */
async function workThrough(): Promise<void> {
  worker = await startTestWorker(server.database);
  try {
    await queueIsDone(server.database);
  } finally {
    await worker.stop();
  }
}

const add = (task: string, payload: object = {}) =>
  server.database.sql("select graphile_worker.add_job($1, $2)", [task, payload]);

test("S6: seminars whose last session was before today are finished, and their waiting lists cleared; others stay", async () => {
  const { world, database } = server;
  const today = await database.sql<{ day: string }>("select (now() at time zone 'Asia/Seoul')::date::text as day");
  const day = today[0]?.day as string;
  const weekAgo = new Date(Date.parse(day) - 7 * 86_400_000).toISOString().slice(0, 10);
  const over = await world.seminar({ startsOn: weekAgo, sessionCount: 1 });
  const last = await world.seminar({ startsOn: weekAgo, sessionCount: 2 });
  const open = await world.seminar();
  await world.enroll(over, await world.person());
  await world.enroll(over, await world.person(), { status: EnrollmentStatus.WAITLISTED });
  await add("finishSeminars");
  await workThrough();
  const rows = await database.sql("select id, status, participant_count, waitlist_count from seminars order by id");
  expect(rows).toEqual([
    { id: over.id, status: "FINISHED", participant_count: 1, waitlist_count: 0 },
    { id: last.id, status: "SCHEDULED", participant_count: 0, waitlist_count: 0 },
    { id: open.id, status: "SCHEDULED", participant_count: 0, waitlist_count: 0 },
  ]);
  const entries = await database.auditSql(
    "select action, actor_id, target_type from audit_entries order by target_type",
  );
  expect(entries).toEqual([
    { action: "finishSeminars", actor_id: null, target_type: "Enrollment" },
    { action: "finishSeminars", actor_id: null, target_type: "Seminar" },
  ]);
});

test("counters that drifted are mended, and a metric, the log and an audit entry tell of it", async () => {
  const { world, database } = server;
  const seminar = await world.seminar({ capacity: 5 });
  await world.enroll(seminar, await world.person());
  await database.sql("update seminars set participant_count = 3, waitlist_count = 1 where id = $1", [seminar.id]);
  await add("mendCounters");
  await workThrough();
  expect(await brokenInvariants(database)).toEqual({});
  expect(worker.logLines.filter((line) => line.includes("had drifted"))).toHaveLength(1);
  expect(await worker.metrics.registry.metrics()).toContain("seminar_counter_drifts_total 1");
  expect(await database.auditSql("select changes from audit_entries where target_id = $1", [seminar.id])).toEqual([
    { changes: { participantCount: [3, 1], waitlistCount: [1, 0] } },
  ]);
});

test("who has a session tomorrow is reminded once, however often the evening is worked through", async () => {
  const { world, database } = server;
  const evening = new Date(Date.now() + 86_400_000);
  const tomorrow = new Date(evening.getTime() + (9 + 24) * 3_600_000).toISOString().slice(0, 10);
  const seminar = await world.seminar({ startsOn: tomorrow, sessionCount: 1, time: "23:00" });
  const other = await world.seminar({ startsOn: "2099-01-01" });
  const person = await world.person();
  await world.enroll(seminar, person);
  await world.enroll(other, person);
  await world.enroll(seminar, await world.person(), { status: EnrollmentStatus.DROPPED });
  for (let round = 0; round < 2; round++) await add("remindOfTomorrow", { _cron: { ts: evening.toISOString() } });
  worker = await startTestWorker(database, { MAIL_URL: "smtp://127.0.0.1:1", WORKER_CONCURRENCY: "1" });
  await until(async () => (await queuedJobs(database, "remindOfTomorrow")).length === 0);
  await until(async () => (await queuedJobs(database)).every(({ locked }) => !locked));
  await worker.stop();
  const mails = await queuedJobs(database, "mailTomorrow");
  expect(mails.map(({ payload }) => payload)).toEqual([{ seminarId: seminar.id, userId: person.id, date: tomorrow }]);
});
