import { ArgsType, Field, ID, InputType, registerEnumType } from "type-graphql";
import { PageArgs } from "../../platform/graphql/lists/connections.ts";

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
