import { Arg, Args, Ctx, FieldResolver, Mutation, Query, Resolver, Root } from "type-graphql";
import { User } from "../accounts/user.entity.ts";
import { userById } from "../accounts/user.loaders.ts";
import { AuditEntry } from "../platform/audit/audit-entry.entity.ts";
import type { Page } from "../platform/graphql/connections.ts";
import type { Context } from "../platform/graphql/context.ts";
import { BulkResult } from "./bulk.results.ts";
import { listAuditEntries } from "./list-audit-entries.ts";
import { listJobs } from "./list-jobs.ts";
import { retryJobs } from "./retry-jobs.ts";
import { AuditEntriesArgs, JobsArgs, RetryJobsInput } from "./staff.inputs.ts";
import { AuditEntryConnection, JobConnection, type JobView } from "./staff.types.ts";

/** What only staff may see and do. */
@Resolver()
export class StaffResolver {
  @Query(() => AuditEntryConnection, { description: "The audit trail, newest first; for VIEWERs." })
  auditEntries(
    @Ctx() context: Context,
    @Args(() => AuditEntriesArgs) args: AuditEntriesArgs,
  ): Promise<Page<AuditEntry>> {
    return listAuditEntries(context, args);
  }

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

@Resolver(() => AuditEntry)
export class AuditEntryResolver {
  @FieldResolver(() => User, { nullable: true, description: "Who did it; null for the server itself." })
  actor(@Ctx() context: Context, @Root() entry: AuditEntry): Promise<User | null> | null {
    return entry.actorId === null ? null : context.load(userById).load(entry.actorId);
  }
}
