import { Field, ID, Int, ObjectType } from "type-graphql";
import { DateTime, Json } from "../../platform/graphql/input/scalars.ts";
import { connectionOf, edgeOf } from "../../platform/graphql/lists/connections.ts";
import { JobState } from "./jobs.inputs.ts";

@ObjectType("Job", { description: "Work that is done by a worker; one that was done is gone.", simpleResolvers: true })
export class JobView {
  @Field(() => ID, { description: "Its number in the queue." })
  id!: string;

  @Field(() => String, { description: "The kind of work." })
  task!: string;

  @Field(() => JobState, { description: "Where it stands now." })
  state!: JobState;

  @Field(() => Int, { description: "How often it was tried." })
  attempts!: number;

  @Field(() => Int, { description: "How often it is tried at most." })
  maxAttempts!: number;

  @Field(() => DateTime, { description: "When it may run, or might have." })
  runAt!: Date;

  @Field(() => String, { nullable: true, description: "Why the last attempt failed." })
  lastError!: string | null;

  @Field(() => Json, { description: "What it is about." })
  payload!: unknown;
}

@ObjectType({ description: "A job in a list.", simpleResolvers: true })
export class JobEdge extends edgeOf(JobView) {}

@ObjectType({ description: "A page of jobs.", simpleResolvers: true })
export class JobConnection extends connectionOf(JobView, JobEdge) {}
