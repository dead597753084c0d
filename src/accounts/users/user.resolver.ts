import { FieldResolver, Resolver, Root, registerEnumType } from "type-graphql";
import { StaffRole } from "../../platform/graphql/server/context.ts";
import { InstructorProfile, ParticipantProfile } from "./profiles.ts";
import { User } from "./user.entity.ts";

registerEnumType(StaffRole, {
  name: "StaffRole",
  description: "What staff may do; each role can do what the one before it can.",
  valuesConfig: {
    VIEWER: { description: "Looks at people, enrollments, the audit trail and jobs." },
    EDITOR: { description: "Changes enrollments, acceptance and any seminar." },
    ADMIN: { description: "Gives roles, deactivates users and retries jobs." },
  },
});

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
