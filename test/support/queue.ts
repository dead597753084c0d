import { setTimeout as delay } from "node:timers/promises";
import type { TestDatabase } from "./database.ts";

/** A job as it stands in the queue. */
export interface QueuedJob {
  id: string;
  task: string;
  attempts: number;
  maxAttempts: number;
  locked: boolean;
  // biome-ignore lint/suspicious/noExplicitAny: payloads differ from job to job
  payload: any;
}

/** The jobs that are there, in the order in which they were added. */
export function queuedJobs(database: TestDatabase, task?: string): Promise<QueuedJob[]> {
  return database.sql<QueuedJob>(
    `select jobs.id, identifier as task, attempts, max_attempts as "maxAttempts", locked_at is not null as locked, payload
     from graphile_worker._private_jobs as jobs join graphile_worker._private_tasks as tasks on tasks.id = task_id
     where $1::text is null or identifier = $1 order by jobs.id`,
    [task ?? null],
  );
}

/** The audit entries that wait to be written, in the order in which they were added. */
// biome-ignore lint/suspicious/noExplicitAny: as the payloads of other jobs
export async function queuedEntries(database: TestDatabase): Promise<any[]> {
  return (await queuedJobs(database, "writeAuditEntry")).flatMap(({ payload }) => payload);
}

/** Resolves when no job waits or runs, whatever has failed for good. */
export async function queueIsDone(database: TestDatabase): Promise<void> {
  await until(async () => (await queuedJobs(database)).every((job) => !job.locked && job.attempts >= job.maxAttempts));
}

export async function until(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) await delay(20);
}
