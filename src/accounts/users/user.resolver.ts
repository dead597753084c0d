import { FieldResolver, Resolver, Root } from "type-graphql";
import { InstructorProfile, ParticipantProfile } from "./profiles.ts";
import { User } from "./user.entity.ts";

@Resolver(() => User)
export class UserResolver {
  @FieldResolver(() => ParticipantProfile, { nullable: true, description: "Null for who is no participant." })
  participant(@Root() user: User): ParticipantProfile | null {
    return user.participantAccepted === null ? null : new ParticipantProfile(user);
  }

  @FieldResolver(() => InstructorProfile, { nullable: true, description: "Null for who is no instructor." })
  instructor(@Root() user: User): InstructorProfile | null {
    return user.instructorCompany === null ? null : new InstructorProfile(user);
  }
}
