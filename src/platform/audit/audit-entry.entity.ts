import { Entity, PrimaryKey, Property } from "@mikro-orm/decorators/legacy";
import { Field, ID, ObjectType } from "type-graphql";
import { DateTime, Json } from "../graphql/input/scalars.ts";
import type { Changes } from "./changes.ts";

/** One row of the audit database: entries are written once, and neither changed nor deleted. */
@ObjectType({ description: "Who changed what, when.", simpleResolvers: true })
@Entity({ tableName: "audit_entries" })
export class AuditEntry {
  @Field(() => ID, { description: "In the order of the changes." })
  @PrimaryKey({ type: "uuid" })
  id!: string;

  @Field(() => DateTime, { description: "When it was changed." })
  @Property({ type: "datetime", length: 3 })
  at!: Date;

  /** Null: the server itself, by a job. */
  @Property({ type: "uuid", nullable: true })
  actorId!: string | null;

  @Field(() => String, { description: "The name of the mutation or job, such as `joinSeminar`." })
  @Property({ type: "text" })
  action!: string;

  @Field(() => String, { description: "The type of what was changed: `User`, `Seminar`, `Enrollment` or `Job`." })
  @Property({ type: "text" })
  targetType!: string;

  @Field(() => ID, { description: "The id of what was changed." })
  @Property({ type: "text" })
  targetId!: string;

  @Field(() => Json, { description: "Each changed field: `{ field: [before, after] }`, secrets left out." })
  @Property({ type: "json" })
  changes!: Changes;

  @Field(() => String, { nullable: true, description: "The request that changed it, as it stands in the log." })
  @Property({ type: "text", nullable: true })
  requestId!: string | null;
}
