import { Field, ObjectType } from "type-graphql";
import { NonNegativeInt } from "../../platform/graphql/input/scalars.ts";
import type { User } from "./user.entity.ts";

@ObjectType({ description: "What makes a user a participant." })
export class ParticipantProfile {
  constructor(readonly user: User) {}

  @Field(() => String, { description: "Where the participant studies; empty when not said." })
  get university(): string {
    return this.user.participantUniversity ?? "";
  }

  @Field(() => Boolean, {
    nullable: true,
    description: "Whether the user may join seminars; for the user, staff, and the user's instructors.",
  })
  get accepted(): boolean | null {
    return this.user.participantAccepted;
  }
}

@ObjectType({ description: "What makes a user an instructor." })
export class InstructorProfile {
  constructor(readonly user: User) {}

  @Field(() => String, { description: "Where the instructor works; empty when not said." })
  get company(): string {
    return this.user.instructorCompany ?? "";
  }

  @Field(() => NonNegativeInt, { nullable: true, description: "Years of experience; for the user and staff." })
  get careerYears(): number | null {
    return this.user.instructorCareerYears;
  }
}
