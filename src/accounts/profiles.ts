import { Field, ObjectType } from "type-graphql";
import type { User } from "./user.entity.ts";

@ObjectType({ description: "What makes a user a participant." })
export class ParticipantProfile {
  constructor(readonly user: User) {}

  @Field(() => String, { description: "Where the participant studies; empty when not said." })
  get university(): string {
    return this.user.participantUniversity ?? "";
  }
}

@ObjectType({ description: "What makes a user an instructor." })
export class InstructorProfile {
  constructor(readonly user: User) {}

  @Field(() => String, { description: "Where the instructor works; empty when not said." })
  get company(): string {
    return this.user.instructorCompany ?? "";
  }
}
