import { afterAll, beforeAll, expect, test } from "@jest/globals";
import type { EntityManager } from "@mikro-orm/postgresql";
import { mailWelcome } from "../../../src/accounts/mails/welcome-mail.job.ts";
import { promotionOf } from "../../../src/enrollment/waiting-list/promote-waiting-list.job.ts";
import { auditEntry, serverItself } from "../../../src/platform/audit/write-audit-entry.job.ts";
import { inTransaction } from "../../../src/platform/database/in-transaction.ts";
import { enqueue } from "../../../src/platform/jobs/enqueue.ts";
import { queuedEntries, queuedJobs } from "../../support/queue.ts";
import { startTestServer, type TestServer } from "../../support/test-server.ts";

const id = "0199f1f4-7a5e-7c3e-8d2b-5a4f3c2b1a00";

let server: TestServer;
const em = () => server.app.orm.em.fork() as EntityManager;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());

test("a transaction that rolls back leaves no job", async () => {
  const work = inTransaction(em(), async (em) => {
    await enqueue(em, mailWelcome.of({ userId: id }), promotionOf(id));
    throw new Error("changed my mind");
  });
  await expect(work).rejects.toThrow("changed my mind");
  expect(await queuedJobs(server.database)).toEqual([]);
});

test("outside of a transaction no job is added", async () => {
  await expect(enqueue(em(), promotionOf(id))).rejects.toThrow("in the transaction");
  expect(await queuedJobs(server.database)).toEqual([]);
});

test("a payload that is not what the job expects is refused where the job is made", () => {
  expect(() => promotionOf("no id")).toThrow();
});

test("jobs with one key are one job while it waits", async () => {
  for (let round = 0; round < 3; round++) await inTransaction(em(), (em) => enqueue(em, promotionOf(id)));
  expect(await queuedJobs(server.database)).toMatchObject([{ task: "promoteWaitingList", payload: { seminarId: id } }]);
  await server.database.sql("delete from graphile_worker._private_jobs");
});

test("what is added at once as lists is one job for each kind, unless it has a key or a time of its own", async () => {
  const entry = (action: string) => auditEntry(serverItself, action, "User", id, {});
  const mail = mailWelcome.of({ userId: id });
  const apart = [
    { ...entry("keyed"), key: "own" },
    { ...entry("later"), runAt: new Date() },
  ];
  await inTransaction(em(), (em) => enqueue(em, entry("one"), mail, ...apart, entry("other"), mail));
  const jobs = await queuedJobs(server.database);
  expect(jobs.filter(({ task }) => task === "mailWelcome")).toHaveLength(2);
  const lists = jobs.filter(({ task }) => task === "writeAuditEntry").map(({ payload }) => payload);
  const actions = lists.map((list) => list.map(({ action }: { action: string }) => action).join());
  expect(actions.sort()).toEqual(["keyed", "later", "one,other"]);
  await server.database.sql("delete from graphile_worker._private_jobs");
});

test("a thousand joins that were committed leave exactly their jobs, and refused ones none", async () => {
  const seminar = await server.world.seminar({ capacity: 1_000 });
  const people = await server.world.people(1_010);
  const join = "mutation ($id: ID!) { joinSeminar(input: { seminarId: $id }) { __typename } }";
  const answers: string[] = [];
  for (let start = 0; start < people.length; start += 50) {
    const batch = people.slice(start, start + 50).map(({ client }) => client.data(join, { id: seminar.id }));
    answers.push(...(await Promise.all(batch)).map(({ joinSeminar }) => joinSeminar.__typename));
  }
  expect(answers.filter((name) => name === "JoinSeminarSuccess")).toHaveLength(1_000);

  const rows = await server.database.sql<{ id: string }>("select id from enrollments order by id");
  const enrollments = rows.map((row) => row.id);
  expect(enrollments).toHaveLength(1_000);
  const jobs = await queuedJobs(server.database);
  const entries = (await queuedEntries(server.database)).map(({ targetId }) => targetId);
  const mails = jobs.filter(({ task }) => task === "mailJoined").map(({ payload }) => payload.enrollmentId);
  expect(entries.sort()).toEqual(enrollments);
  expect(mails.sort()).toEqual(enrollments);
  expect(jobs.filter(({ task }) => !["writeAuditEntry", "mailJoined"].includes(task))).toEqual([]);
}, 90_000);
