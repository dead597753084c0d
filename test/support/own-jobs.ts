import { sql } from "kysely";
import pg from "pg";
import { z } from "zod";
import { openPool } from "../../src/platform/database/connections/pools.ts";
import type { Schedule } from "../../src/platform/jobs/cron.ts";
import { defineJob, type Job, type JobContext } from "../../src/platform/jobs/define-job.ts";
import { runWorker } from "../../src/platform/jobs/run-worker.ts";
import { createLog } from "../../src/platform/log.ts";
import { createFolderMailer } from "../../src/platform/mail/folder-mailer.ts";
import { Metrics } from "../../src/platform/metrics.ts";
import { type TestServer, type TestWorker, testConfig } from "./test-server.ts";

interface OwnJobOptions {
  inOneTransaction?: boolean;
  maxAttempts?: number;
  run?(context: JobContext): Promise<void>;
}

interface OwnWorkerOptions {
  schedules?: Schedule[];
  deadAfterMs?: number;
  concurrency?: number;
}

/** A kind of job that only a test knows; unless told otherwise it does nothing. */
export function ownJob({ run = async () => {}, maxAttempts = 10, ...options }: OwnJobOptions = {}) {
  return defineJob({ name: "ownJob", payload: z.object({}), priority: 0, maxAttempts, run, ...options });
}

/** Starts a worker in this process that knows these jobs and schedules only. */
export async function startWorkerOf(
  server: TestServer,
  job: Job<object>,
  { schedules = [], deadAfterMs = 60_000, concurrency = 2 }: OwnWorkerOptions = {},
): Promise<TestWorker> {
  const logLines: string[] = [];
  const metrics = new Metrics();
  const log = createLog({ level: "info", isPretty: false }, { write: (line: string) => void logLines.push(line) });
  const { database } = testConfig(server.database);
  const options = { ...database, onConnectionError: () => {} };
  const pool = openPool(() => "primary", server.database.url, options, { size: 4, types: pg.types });
  const em = server.app.orm.em as JobContext["em"];
  const worker = await runWorker({
    pool,
    em,
    audit: em,
    mailer: createFolderMailer("a@example.org", "unused"),
    settings: { timeZone: "Asia/Seoul" },
    jobs: [job],
    schedules,
    concurrency,
    deadAfterMs,
    log,
    metrics,
  });
  return {
    logLines,
    metrics,
    stop: async () => {
      await worker.stop();
      await pool.end();
    },
  };
}

/** What a job of a test leaves behind each time that it takes effect: one row of this table. */
export async function createEffects(server: TestServer): Promise<void> {
  await server.database.sql("create table effects (job_id text not null)");
}

/** Takes effect, in the transaction of the job if it has one. */
export async function takeEffect({ em, jobId }: Pick<JobContext, "em" | "jobId">): Promise<void> {
  await sql`insert into effects values (${jobId})`.execute(em.getKysely());
}

export async function countEffects(server: TestServer): Promise<number> {
  return (await server.database.sql("select from effects")).length;
}
