import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { StaffRole } from "../../../src/platform/auth/staff-role.ts";
import type { GraphqlClient } from "../../support/client.ts";
import { queuedEntries, queuedJobs, until } from "../../support/queue.ts";
import { startTestServer, startTestWorker, type TestServer } from "../../support/test-server.ts";

const list = `query ($first: Int, $after: String, $filter: JobFilter) { jobs(first: $first, after: $after, filter: $filter) {
  totalCount pageInfo { hasNextPage endCursor }
  nodes { id task state attempts maxAttempts runAt lastError payload }
} }`;
const retry = `mutation ($ids: [ID!]!) { retryJobs(input: { jobIds: $ids }) {
  succeededIds refused { id code message }
} }`;

let server: TestServer;
const clients: Record<string, GraphqlClient> = {};
beforeAll(async () => {
  server = await startTestServer();
  clients.anonymous = server.anonymous;
  clients.user = (await server.world.person()).client;
  for (const role of Object.values(StaffRole)) clients[role] = (await server.world.person({ staffRole: role })).client;
});
afterAll(() => server.stop());

/** Adds a job whose payload is not what its handler expects. */
async function addBrokenJob(maxAttempts: number, options = ""): Promise<string> {
  const [job] = await server.database.sql<{ id: string }>(
    `select id from graphile_worker.add_job('mailWelcome', '{"userId": "nobody"}', max_attempts => $1 ${options})`,
    [maxAttempts],
  );
  return String(job?.id);
}

/** Adds a job that fails while nobody listens for mails, and may pass later. */
async function addUnsentMail(maxAttempts: number): Promise<string> {
  const { id } = await server.world.person();
  const [job] = await server.database.sql<{ id: string }>(
    "select id from graphile_worker.add_job('mailWelcome', $1, max_attempts => $2)",
    [{ userId: id }, maxAttempts],
  );
  return String(job?.id);
}

const as = (name: string) => clients[name] as GraphqlClient;

describe("jobs, auditEntries and retryJobs", () => {
  const asked = {
    jobs: "{ jobs { totalCount } }",
    auditEntries: "{ auditEntries { totalCount } }",
    retryJobs: `mutation { retryJobs(input: { jobIds: ["1"] }) { succeededIds } }`,
  };
  const answers: [keyof typeof asked, string, string | undefined][] = [
    ["jobs", "anonymous", "UNAUTHENTICATED"],
    ["jobs", "user", "FORBIDDEN"],
    ["jobs", "VIEWER", undefined],
    ["jobs", "ADMIN", undefined],
    ["auditEntries", "anonymous", "UNAUTHENTICATED"],
    ["auditEntries", "user", "FORBIDDEN"],
    ["auditEntries", "VIEWER", undefined],
    ["auditEntries", "ADMIN", undefined],
    ["retryJobs", "anonymous", "UNAUTHENTICATED"],
    ["retryJobs", "user", "FORBIDDEN"],
    ["retryJobs", "VIEWER", "FORBIDDEN"],
    ["retryJobs", "EDITOR", "FORBIDDEN"],
    ["retryJobs", "ADMIN", undefined],
  ];
  test.each(answers)("%s answers %s with %s, and nothing changes", async (field, caller, code) => {
    const before = await queuedJobs(server.database);
    const { body } = await as(caller).send(asked[field]);
    expect(body.errors?.[0]?.extensions.code).toBe(code);
    expect(await queuedJobs(server.database)).toEqual(before);
  });
});

test("a job is tried again after a pause, fails for good, is seen by staff, and starts again when they say so", async () => {
  const once = await addBrokenJob(1);
  const twice = await addUnsentMail(2);
  const later = await addBrokenJob(3, ", run_at => now() + interval '1 day'");
  const worker = await startTestWorker(server.database, { MAIL_URL: "smtp://127.0.0.1:1" });
  await until(async () => (await queuedJobs(server.database)).filter(({ attempts }) => attempts > 0).length >= 2);
  await until(async () => (await queuedJobs(server.database)).every(({ locked }) => !locked));
  await worker.stop();

  const { jobs } = await as("VIEWER").data(list, {});
  expect(jobs).toMatchObject({
    totalCount: 3,
    nodes: [
      { id: later, state: "SCHEDULED", attempts: 0, lastError: null },
      { id: twice, state: "SCHEDULED", attempts: 1, maxAttempts: 2 },
      { id: once, state: "FAILED", attempts: 1, task: "mailWelcome", payload: { userId: "nobody" } },
    ],
  });
  expect(jobs.nodes[2].lastError).toContain("userId");
  expect(Date.parse(jobs.nodes[1].runAt)).toBeGreaterThan(Date.now() - 1_000);

  const { retryJobs } = await as("ADMIN").data(retry, { ids: [once, twice, "no-id", "999999", once] });
  expect(retryJobs.succeededIds).toContain(once);
  expect(retryJobs.refused).toMatchObject([
    { id: twice, code: "NOT_FAILED" },
    { id: "no-id", code: "NOT_FOUND" },
    { id: "999999", code: "NOT_FOUND" },
  ]);
  const [retried] = (await as("VIEWER").data(list, { filter: { task: "mailWelcome", state: "WAITING" } })).jobs.nodes;
  expect(retried).toMatchObject({ id: once, attempts: 0 });
  const entries = await queuedEntries(server.database);
  expect(entries.map(({ action, targetType, targetId }) => [action, targetType, targetId])).toEqual([
    ["retryJobs", "Job", once],
  ]);
  await server.database.sql("delete from graphile_worker._private_jobs");
});

test("the jobs are listed page by page, newest first, by state and task", async () => {
  const ids: string[] = [];
  for (let index = 0; index < 5; index++) ids.unshift(await addBrokenJob(3));
  const found: string[] = [];
  for (let after: string | null = null; ; ) {
    const { jobs } = await as("VIEWER").data(list, {
      first: 2,
      after,
      filter: { state: "WAITING", task: "mailWelcome" },
    });
    expect(jobs.totalCount).toBe(5);
    found.push(...jobs.nodes.map(({ id }: { id: string }) => id));
    after = jobs.pageInfo.endCursor;
    if (!jobs.pageInfo.hasNextPage) break;
  }
  expect(found).toEqual(ids);
  for (const filter of [{ state: "FAILED" }, { task: "nothing" }, { state: "RUNNING" }]) {
    expect((await as("VIEWER").data(list, { filter })).jobs).toMatchObject({ totalCount: 0, nodes: [] });
  }
  const metrics = await (await fetch(`${server.origin}/metrics`)).text();
  expect(metrics).toContain('seminar_jobs{state="WAITING"} 5');
  expect(metrics).toMatch(/^seminar_oldest_job_seconds 0?\.?\d/m);
});

test("more than 500 jobs at a time are refused", async () => {
  const ids = Array.from({ length: 501 }, (_, index) => String(index + 1));
  expect(Object.keys(await as("ADMIN").fieldFaults(retry, { ids }))).toEqual(["input.jobIds"]);
});
