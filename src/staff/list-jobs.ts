import { type RawBuilder, sql } from "kysely";
import { requireStaff } from "../platform/auth/require-viewer.ts";
import { selectRows } from "../platform/database/select-rows.ts";
import { type Page, pageRequest, toPage } from "../platform/graphql/connections.ts";
import { type Context, StaffRole } from "../platform/graphql/context.ts";
import { parseInput } from "../platform/graphql/input-rules.ts";
import { isJobId, jobState } from "../platform/jobs/job-rows.ts";
import type { JobFilter, JobState, JobsArgs } from "./staff.inputs.ts";
import { jobFilterRules } from "./staff.rules.ts";
import type { JobView } from "./staff.types.ts";

/** A page of the jobs that wait, run or failed, newest first; for VIEWERs. */
export async function listJobs(context: Context, args: JobsArgs): Promise<Page<JobView>> {
  requireStaff(context, StaffRole.VIEWER);
  const request = pageRequest("jobs", args, isJobId);
  const filter = args.filter ?? {};
  parseInput(jobFilterRules, filter, "filter");
  const rows = await selectRows(
    context.em,
    sql<JobRow>`select jobs.id, tasks.identifier as task, ${jobState} as state, jobs.attempts,
        jobs.max_attempts as "maxAttempts", jobs.run_at as "runAt", jobs.last_error as "lastError", jobs.payload
      ${matching(filter)} ${request.afterKey === null ? sql`` : sql`and jobs.id < ${request.afterKey}`}
      order by jobs.id desc limit ${request.limit}`,
  );
  const views = rows.map((row) => ({ ...row, runAt: new Date(row.runAt) }));
  return toPage(
    request,
    views,
    (row) => row.id,
    async () => {
      const [row] = await selectRows(context.em, sql<{ count: string }>`select count(*) ${matching(filter)}`);
      return Number(row?.count);
    },
  );
}

type JobRow = Omit<JobView, "runAt"> & { runAt: string; state: JobState };

function matching({ state, task }: JobFilter): RawBuilder<unknown> {
  return sql`from graphile_worker._private_jobs as jobs
    join graphile_worker._private_tasks as tasks on tasks.id = jobs.task_id
    where true
      ${state ? sql`and ${jobState} = ${state}` : sql``}
      ${task ? sql`and tasks.identifier = ${task}` : sql``}`;
}
