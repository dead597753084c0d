import { sql } from "kysely";
import { auditEntry } from "../platform/audit/write-audit-entry.job.ts";
import { requireStaff } from "../platform/auth/require-viewer.ts";
import { selectRows } from "../platform/database/select-rows.ts";
import { type Context, StaffRole } from "../platform/graphql/context.ts";
import { parseInput } from "../platform/graphql/input-rules.ts";
import { enqueue } from "../platform/jobs/enqueue.ts";
import { isJobId, jobState } from "../platform/jobs/job-rows.ts";
import { BulkRefusal, BulkRefusalCode, BulkResult } from "./bulk.results.ts";
import type { RetryJobsInput } from "./staff.inputs.ts";
import { retryJobsRules } from "./staff.rules.ts";

/** Lets jobs that have failed for good start again, from the first attempt; for ADMINs. */
export async function retryJobs(context: Context, input: RetryJobsInput): Promise<BulkResult> {
  requireStaff(context, StaffRole.ADMIN);
  const { jobIds } = parseInput(retryJobsRules, input);
  return await context.transaction(async (em) => {
    const states = await selectRows(
      em,
      sql<{ id: string; state: string }>`select jobs.id, ${jobState} as state
        from graphile_worker._private_jobs as jobs
        where jobs.id = any(${jobIds.filter(isJobId)}::bigint[])
        order by jobs.id for update`,
    );
    const stateById = new Map(states.map(({ id, state }) => [id, state]));
    const failed = jobIds.filter((id) => stateById.get(id) === "FAILED");
    await sql`select graphile_worker.reschedule_jobs(${failed}::bigint[], run_at => now(), attempts => 0)`.execute(
      em.getKysely(),
    );
    await enqueue(
      em,
      ...[...new Set(failed)].map((id) =>
        auditEntry(context, "retryJobs", "Job", id, { state: ["FAILED", "WAITING"] }),
      ),
    );
    const refused = jobIds
      .filter((id) => stateById.get(id) !== "FAILED")
      .map((id) => new BulkRefusal(id, stateById.has(id) ? BulkRefusalCode.NOT_FAILED : BulkRefusalCode.NOT_FOUND));
    return new BulkResult(failed, refused);
  });
}
