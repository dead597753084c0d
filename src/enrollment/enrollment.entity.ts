import { Entity, ManyToOne, PrimaryKey, Property } from "@mikro-orm/decorators/legacy";
import { BigIntType, type EntityManager } from "@mikro-orm/postgresql";
import { Field, ID, ObjectType, registerEnumType } from "type-graphql";
import { v7 as uuidv7 } from "uuid";
import { User } from "../accounts/users/user.entity.ts";
import { Seminar, type SeminarStatus } from "../catalogue/seminar.entity.ts";
import { type Changes, changesOf } from "../platform/audit/changes.ts";
import { DateTime } from "../platform/graphql/input/scalars.ts";

export enum EnrollmentRole {
  PARTICIPANT = "PARTICIPANT",
  INSTRUCTOR = "INSTRUCTOR",
}
registerEnumType(EnrollmentRole, {
  name: "EnrollmentRole",
  description: "As what a person is in a seminar.",
  valuesConfig: {
    PARTICIPANT: { description: "Uses a seat while ACTIVE." },
    INSTRUCTOR: { description: "Leads the seminar; uses no seat." },
  },
});

export enum EnrollmentStatus {
  ACTIVE = "ACTIVE",
  WAITLISTED = "WAITLISTED",
  DROPPED = "DROPPED",
}
registerEnumType(EnrollmentStatus, {
  name: "EnrollmentStatus",
  description: "Where an enrollment stands.",
  valuesConfig: {
    ACTIVE: { description: "In the seminar." },
    WAITLISTED: { description: "On the waiting list, without a seat." },
    DROPPED: { description: "Gave the seat back, and cannot join again." },
  },
});

@ObjectType({ description: "One person's place in one seminar.", simpleResolvers: true })
@Entity({ tableName: "enrollments" })
export class Enrollment {
  @Field(() => ID, { description: "Never changes, and sorts by the time of joining." })
  @PrimaryKey({ type: "uuid" })
  id!: string;

  @ManyToOne(() => Seminar, { mapToPk: true, joinColumn: "seminar_id" })
  seminarId!: string;

  @ManyToOne(() => User, { mapToPk: true, joinColumn: "user_id" })
  userId!: string;

  @Field(() => EnrollmentRole, { description: "As what the person is in it." })
  @Property({ type: "text" })
  role!: EnrollmentRole;

  @Field(() => EnrollmentStatus, { description: "Whether the person has the place, waits for it, or has dropped it." })
  @Property({ type: "text" })
  status!: EnrollmentStatus;

  /** The seminar's status for an instructor, null for a participant. The database keeps it; it guards S3 there. */
  @Property({ type: "text", nullable: true })
  ledStatus!: SeminarStatus | null;

  /**
   * The order of joining and of queueing, given by the database under the seminar's lock: clocks of several servers
   * could not give it.
   */
  @Property({ type: new BigIntType("string"), autoincrement: true })
  sequence!: string;

  @Field(() => DateTime, { description: "When the person joined, or queued." })
  @Property({ type: "datetime", length: 3 })
  joinedAt!: Date;

  @Field(() => DateTime, { nullable: true, description: "When the person dropped; null unless DROPPED." })
  @Property({ type: "datetime", length: 3, nullable: true })
  droppedAt!: Date | null;
}

/** What the audit trail tells of an enrollment. */
export function enrollmentChanges(before: Partial<Enrollment> | null, after: Partial<Enrollment>): Changes {
  return changesOf(before, after, ["seminarId", "userId", "role", "status", "droppedAt"]);
}

/** A new enrollment in the unit of work of `em`. The database counts it in the seminar. */
export function createEnrollment(em: EntityManager, seminar: Seminar, place: NewEnrollment): Enrollment {
  return em.create(
    Enrollment,
    {
      id: uuidv7(),
      seminarId: seminar.id,
      ledStatus: place.role === EnrollmentRole.INSTRUCTOR ? seminar.status : null,
      droppedAt: null,
      ...place,
    },
    { partial: true },
  );
}

type NewEnrollment = Pick<Enrollment, "userId" | "role" | "status" | "joinedAt"> & Partial<Pick<Enrollment, "id">>;
