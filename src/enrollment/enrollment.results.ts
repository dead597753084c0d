import { createUnionType, Field, ObjectType, registerEnumType } from "type-graphql";
import { Refusal, refusalWith } from "../platform/graphql/errors/refusal.ts";
import { Enrollment } from "./enrollment.entity.ts";
import { enrollmentTexts } from "./enrollment.texts.ts";

export enum JoinSeminarRefusalCode {
  NOT_OPEN_YET = "NOT_OPEN_YET",
  REGISTRATION_CLOSED = "REGISTRATION_CLOSED",
  MISSING_PROFILE = "MISSING_PROFILE",
  NOT_ACCEPTED = "NOT_ACCEPTED",
  ALREADY_JOINED = "ALREADY_JOINED",
  ALREADY_DROPPED = "ALREADY_DROPPED",
  ALREADY_LEADING = "ALREADY_LEADING",
  SEMINAR_FULL = "SEMINAR_FULL",
}
registerEnumType(JoinSeminarRefusalCode, {
  name: "JoinSeminarRefusalCode",
  description: "Why a seminar cannot be joined. They are checked in this order.",
  valuesConfig: {
    NOT_OPEN_YET: { description: "Registration opens later." },
    REGISTRATION_CLOSED: { description: "Registration is over, or the seminar is cancelled or finished." },
    MISSING_PROFILE: { description: "The viewer does not have the profile of the role." },
    NOT_ACCEPTED: { description: "Staff have not accepted the viewer as a participant." },
    ALREADY_JOINED: { description: "The viewer is in this seminar, or on its waiting list." },
    ALREADY_DROPPED: { description: "The viewer dropped this seminar before." },
    ALREADY_LEADING: { description: "The viewer leads another seminar." },
    SEMINAR_FULL: { description: "No seat is free, or others wait for it already." },
  },
});

@ObjectType({ description: "The viewer is in the seminar, or on its waiting list: see the enrollment's status." })
export class JoinSeminarSuccess {
  constructor(enrollment: Enrollment) {
    this.enrollment = enrollment;
    this.seminarId = enrollment.seminarId;
  }

  @Field(() => Enrollment, { description: "The viewer's new place." })
  readonly enrollment: Enrollment;

  readonly seminarId: string;
}

@ObjectType({ implements: Refusal, description: "The viewer was not let in." })
export class JoinSeminarRefusal extends refusalWith(JoinSeminarRefusalCode, enrollmentTexts) {
  constructor(
    code: JoinSeminarRefusalCode,
    readonly seminarId: string,
  ) {
    super(code);
  }
}

export const JoinSeminarResult = createUnionType({
  name: "JoinSeminarResult",
  description: "The outcome of joinSeminar.",
  types: () => [JoinSeminarSuccess, JoinSeminarRefusal] as const,
});

export enum DropSeminarRefusalCode {
  INSTRUCTOR_CANNOT_DROP = "INSTRUCTOR_CANNOT_DROP",
}
registerEnumType(DropSeminarRefusalCode, {
  name: "DropSeminarRefusalCode",
  description: "Why a seminar cannot be dropped.",
  valuesConfig: { INSTRUCTOR_CANNOT_DROP: { description: "The viewer is an instructor of this seminar." } },
});

@ObjectType({ description: "The viewer is not in the seminar (any more)." })
export class DropSeminarSuccess {
  constructor(
    readonly seminarId: string,
    enrollment: Enrollment | null,
  ) {
    this.enrollment = enrollment;
  }

  @Field(() => Enrollment, {
    nullable: true,
    description: "The dropped enrollment; null for who never had a seat, or has left the waiting list.",
  })
  readonly enrollment: Enrollment | null;
}

@ObjectType({ implements: Refusal, description: "Nothing was changed." })
export class DropSeminarRefusal extends refusalWith(DropSeminarRefusalCode, enrollmentTexts) {}

export const DropSeminarResult = createUnionType({
  name: "DropSeminarResult",
  description: "The outcome of dropSeminar.",
  types: () => [DropSeminarSuccess, DropSeminarRefusal] as const,
});
