import { Entity, PrimaryKey, Property } from "@mikro-orm/decorators/legacy";
import { Field, ID, ObjectType, registerEnumType } from "type-graphql";
import { type Changes, changesOf } from "../platform/audit/changes.ts";
import { DateTime, LocalDate, LocalTime, NonNegativeInt, PositiveInt } from "../platform/graphql/input/scalars.ts";

export enum SeminarStatus {
  SCHEDULED = "SCHEDULED",
  CANCELLED = "CANCELLED",
  FINISHED = "FINISHED",
}
registerEnumType(SeminarStatus, {
  name: "SeminarStatus",
  description: "Where a seminar stands.",
  valuesConfig: {
    SCHEDULED: { description: "It takes place; only such a one can be joined or changed." },
    CANCELLED: { description: "It does not take place. Its enrollments stay as they were." },
    FINISHED: { description: "Its last session is over." },
  },
});

@ObjectType({ description: "Something with `capacity` seats.", simpleResolvers: true })
@Entity({ tableName: "seminars" })
export class Seminar {
  @Field(() => ID, { description: "Never changes, and sorts by the time when the seminar was made." })
  @PrimaryKey({ type: "uuid" })
  id!: string;

  @Field(() => String, { description: "What it is called; need not be unique." })
  @Property({ type: "text" })
  name!: string;

  @Field(() => String, { nullable: true, description: "What it is about, as plain text; null when not said." })
  /** May be long, so it is read only where it is wanted; undefined where it was not. */
  @Property({ type: "text", nullable: true, lazy: true })
  description?: string | null;

  @Field(() => PositiveInt, { description: "How many participants it can have." })
  @Property({ type: "integer" })
  capacity!: number;

  @Field(() => PositiveInt, { description: "How many weekly sessions it has." })
  @Property({ type: "integer" })
  sessionCount!: number;

  @Field(() => LocalTime, { description: "When a session begins, HH:MM, in the server's time zone." })
  @Property({ type: "text" })
  time!: string;

  @Field(() => Boolean, { description: "Whether it takes place online." })
  @Property({ type: "boolean" })
  online!: boolean;

  @Field(() => LocalDate, { nullable: true, description: "The day of the first session." })
  @Property({ type: "date", nullable: true })
  startsOn!: string | null;

  @Field(() => DateTime, { nullable: true, description: "From this instant on it can be joined; null: at once." })
  @Property({ type: "datetime", length: 3, nullable: true })
  registrationOpensAt!: Date | null;

  @Field(() => DateTime, { nullable: true, description: "From this instant on it can no longer be joined." })
  @Property({ type: "datetime", length: 3, nullable: true })
  registrationClosesAt!: Date | null;

  @Field(() => SeminarStatus, { description: "Whether it takes place, was cancelled, or is over." })
  @Property({ type: "text" })
  status!: SeminarStatus;

  /** Kept by the database: a trigger on enrollments counts. */
  @Field(() => NonNegativeInt, { description: "How many seats are taken." })
  @Property({ type: "integer", default: 0 })
  participantCount!: number;

  /** Kept by the database: a trigger on enrollments counts. */
  @Field(() => NonNegativeInt, { description: "How many people are on the waiting list." })
  @Property({ type: "integer", default: 0 })
  waitlistCount!: number;

  @Field(() => DateTime, { description: "When it was made." })
  @Property({ type: "datetime", length: 3 })
  createdAt!: Date;
}

/** What the audit trail tells of a seminar. */
export function seminarChanges(before: Partial<Seminar> | null, after: Partial<Seminar>): Changes {
  return changesOf(before, after, [
    "name",
    "description",
    "capacity",
    "sessionCount",
    "time",
    "online",
    "startsOn",
    "registrationOpensAt",
    "registrationClosesAt",
    "status",
  ]);
}
