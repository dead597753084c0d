import { Arg, Args, Ctx, Mutation, Query, Resolver } from "type-graphql";
import type { Page } from "../../platform/graphql/lists/connections.ts";
import type { Context } from "../../platform/graphql/server/context.ts";
import { BulkResult } from "../bulk.results.ts";
import { JobsArgs, RetryJobsInput } from "./jobs.inputs.ts";
import { JobConnection, type JobView } from "./jobs.types.ts";
import { listJobs } from "./list-jobs.ts";
import { retryJobs } from "./retry-jobs.ts";

@Resolver()
export class JobsResolver {
  @Query(() => JobConnection, { description: "Work that waits, runs or failed, newest first; for VIEWERs." })
  jobs(@Ctx() context: Context, @Args(() => JobsArgs) args: JobsArgs): Promise<Page<JobView>> {
    return listJobs(context, args);
  }

  @Mutation(() => BulkResult, { description: "Lets failed jobs start again; for ADMINs. Up to 500." })
  retryJobs(
    @Ctx() context: Context,
    @Arg("input", () => RetryJobsInput, { description: "Which jobs to retry." }) input: RetryJobsInput,
  ): Promise<BulkResult> {
    return retryJobs(context, input);
  }
}
