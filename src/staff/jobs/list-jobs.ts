import { type RawBuilder, sql } from "kysely";
import { parseInput } from "../../platform/graphql/input/input-rules.ts";
import { type Page, pageRequest } from "../../platform/graphql/lists/connections.ts";
import { keysetPage } from "../../platform/graphql/lists/keyset-page.ts";
import { descending } from "../../platform/graphql/lists/list-order.ts";
import type { Context } from "../../platform/graphql/server/context.ts";
import { jobState } from "../../platform/jobs/job-rows.ts";
import { jobFilterRules } from "../staff.rules.ts";
import type { JobFilter, JobState, JobsArgs } from "./jobs.inputs.ts";
import type { JobView } from "./jobs.types.ts";

const order = descending({ value: sql`jobs.id`, type: "bigint" });

/** A page of the jobs that wait, run or failed, newest first; for VIEWERs. */
export async function listJobs(context: Context, args: JobsArgs): Promise<Page<JobView>> {
  const request = pageRequest("jobs", args, order);
  const filter = args.filter ?? {};
  parseInput(jobFilterRules, filter, "filter");
  const query = { from, where: conditionsOf(filter), order };
  return await keysetPage(context.em, request, query, columns, toView);
}

type JobRow = Omit<JobView, "runAt"> & { runAt: string; state: JobState };

const columns = sql<JobRow>`jobs.id, tasks.identifier as task, ${jobState} as state, jobs.attempts,
  jobs.max_attempts as "maxAttempts", jobs.run_at as "runAt", jobs.last_error as "lastError", jobs.payload`;

const from = sql`graphile_worker._private_jobs as jobs
  join graphile_worker._private_tasks as tasks on tasks.id = jobs.task_id`;

function conditionsOf({ state, task }: JobFilter): RawBuilder<unknown>[] {
  const conditions: RawBuilder<unknown>[] = [];
  if (state) conditions.push(sql`${jobState} = ${state}`);
  if (task) conditions.push(sql`tasks.identifier = ${task}`);
  return conditions;
}

function toView(row: JobRow): JobView {
  return { ...row, runAt: new Date(row.runAt) };
}
