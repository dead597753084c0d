import { sql } from "kysely";

/**
 * The state of a row of graphile-worker's table, under the alias `jobs`: a job that is locked runs, one that used up
 * its attempts failed.
 */
export const jobState = sql<string>`case
  when jobs.locked_at is not null then 'RUNNING'
  when jobs.attempts >= jobs.max_attempts then 'FAILED'
  when jobs.run_at > now() then 'SCHEDULED'
  else 'WAITING'
end`;

/** Whether an id can be one of a job: graphile-worker numbers them. */
export function isJobId(id: string): boolean {
  return /^[1-9]\d{0,17}$/.test(id);
}
