import { ArgsType, Field, ID, InputType, registerEnumType } from "type-graphql";
import { PageArgs } from "../platform/graphql/connections.ts";
import { DateTime } from "../platform/graphql/scalars.ts";

@InputType({ description: "Which entries of the audit trail to list; what is left out does not matter." })
export class AuditEntryFilter {
  @Field(() => ID, { nullable: true, description: "The user who did it." })
  actorId?: string | null;

  @Field(() => String, { nullable: true, description: "The name of the mutation or job." })
  action?: string | null;

  @Field(() => String, { nullable: true, description: "`User`, `Seminar`, `Enrollment` or `Job`." })
  targetType?: string | null;

  @Field(() => ID, { nullable: true, description: "The id of what was changed." })
  targetId?: string | null;

  @Field(() => DateTime, { nullable: true, description: "From this instant on." })
  since?: Date | null;

  @Field(() => DateTime, { nullable: true, description: "Before this instant." })
  until?: Date | null;
}

@ArgsType()
export class AuditEntriesArgs extends PageArgs {
  @Field(() => AuditEntryFilter, { nullable: true, description: "Which entries to list." })
  filter?: AuditEntryFilter | null;
}

export enum JobState {
  WAITING = "WAITING",
  SCHEDULED = "SCHEDULED",
  RUNNING = "RUNNING",
  FAILED = "FAILED",
}
registerEnumType(JobState, {
  name: "JobState",
  description: "Where a job stands.",
  valuesConfig: {
    WAITING: { description: "Its turn comes as soon as a worker is free." },
    SCHEDULED: { description: "Its time comes later: for the first time, or after an attempt that failed." },
    RUNNING: { description: "A worker is at it." },
    FAILED: { description: "Every attempt failed. It stays until staff retry it." },
  },
});

@InputType({ description: "Which jobs to list; what is left out does not matter." })
export class JobFilter {
  @Field(() => JobState, { nullable: true, description: "Where the job stands." })
  state?: JobState | null;

  @Field(() => String, { nullable: true, description: "The kind of work." })
  task?: string | null;
}

@ArgsType()
export class JobsArgs extends PageArgs {
  @Field(() => JobFilter, { nullable: true, description: "Which jobs to list." })
  filter?: JobFilter | null;
}

@InputType({ description: "Which jobs to retry." })
export class RetryJobsInput {
  @Field(() => [ID], { description: "Up to 500 ids." })
  jobIds!: string[];
}
