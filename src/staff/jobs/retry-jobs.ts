import { sql } from "kysely";
import { auditEntry } from "../../platform/audit/write-audit-entry.job.ts";
import { selectRows } from "../../platform/database/sql/select-rows.ts";
import { parseInput } from "../../platform/graphql/input/input-rules.ts";
import type { Context } from "../../platform/graphql/server/context.ts";
import { enqueue } from "../../platform/jobs/enqueue.ts";
import { isJobId, jobState } from "../../platform/jobs/job-rows.ts";
import { BulkRefusalCode, type BulkResult } from "../bulk.results.ts";
import { bulkResult } from "../bulk.ts";
import { retryJobsRules } from "../staff.rules.ts";
import type { RetryJobsInput } from "./jobs.inputs.ts";

/** Lets jobs that have failed for good start again, from the first attempt; for ADMINs. */
export async function retryJobs(context: Context, input: RetryJobsInput): Promise<BulkResult> {
  const { jobIds } = parseInput(retryJobsRules, input);
  return await context.transaction(async (em) => {
    const jobs = await selectRows(
      em,
      sql<{ id: string; state: string }>`select jobs.id, ${jobState} as state
        from graphile_worker._private_jobs as jobs
        where jobs.id = any(${jobIds.filter(isJobId)}::bigint[])
        order by jobs.id for update`,
    );
    const failed = jobs.filter(({ state }) => state === "FAILED").map(({ id }) => id);
    await sql`select graphile_worker.reschedule_jobs(${failed}::bigint[], run_at => now(), attempts => 0)`.execute(
      em.getKysely(),
    );
    await enqueue(
      em,
      ...failed.map((id) => auditEntry(context, "retryJobs", "Job", id, { state: ["FAILED", "WAITING"] })),
    );
    const outcomes = jobs.map(({ id, state }) => [id, state === "FAILED" ? null : BulkRefusalCode.NOT_FAILED] as const);
    return bulkResult(jobIds, new Map(outcomes));
  });
}
