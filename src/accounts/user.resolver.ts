import { Ctx, FieldResolver, Resolver, Root, registerEnumType } from "type-graphql";
import { isStaff } from "../platform/auth/require-viewer.ts";
import { type Context, StaffRole } from "../platform/graphql/context.ts";
import { EmailAddress, NonNegativeInt } from "../platform/graphql/scalars.ts";
import { Locale } from "../platform/locale.ts";
import { InstructorProfile, ParticipantProfile } from "./profiles.ts";
import { User } from "./user.entity.ts";
import { isSelfOrStaff, isSelfStaffOrInstructor } from "./user.loaders.ts";

registerEnumType(StaffRole, {
  name: "StaffRole",
  description: "What staff may do; each role can do what the one before it can.",
  valuesConfig: {
    VIEWER: { description: "Looks at people, enrollments, the audit trail and jobs." },
    EDITOR: { description: "Changes enrollments, acceptance and any seminar." },
    ADMIN: { description: "Gives roles, deactivates users and retries jobs." },
  },
});

/** The fields of a user that depend on who asks (A5): null for everyone else. */
@Resolver(() => User)
export class UserResolver {
  @FieldResolver(() => EmailAddress, {
    nullable: true,
    description: "For the user, staff, and the user's instructors.",
  })
  async email(@Ctx() context: Context, @Root() user: User): Promise<string | null> {
    return (await isSelfStaffOrInstructor(context, user.id)) ? user.email : null;
  }

  @FieldResolver(() => ParticipantProfile, { nullable: true, description: "Null for who is no participant." })
  participant(@Root() user: User): ParticipantProfile | null {
    return user.participantAccepted === null ? null : new ParticipantProfile(user);
  }

  @FieldResolver(() => InstructorProfile, { nullable: true, description: "Null for who is no instructor." })
  instructor(@Root() user: User): InstructorProfile | null {
    return user.instructorCompany === null ? null : new InstructorProfile(user);
  }

  @FieldResolver(() => StaffRole, { nullable: true, description: "For the user and staff; null for who is not staff." })
  staffRole(@Ctx() context: Context, @Root() user: User): StaffRole | null {
    return isSelfOrStaff(context, user.id) ? user.staffRole : null;
  }

  @FieldResolver(() => Locale, {
    nullable: true,
    description: "The language of messages and mails; for the user and staff.",
  })
  locale(@Ctx() context: Context, @Root() user: User): Locale | null {
    return isSelfOrStaff(context, user.id) ? user.locale : null;
  }

  @FieldResolver(() => Boolean, { nullable: true, description: "Whether the user can log in; for staff." })
  active(@Ctx() context: Context, @Root() user: User): boolean | null {
    return isStaff(context.viewer, StaffRole.VIEWER) ? user.active : null;
  }
}

@Resolver(() => ParticipantProfile)
export class ParticipantProfileResolver {
  @FieldResolver(() => Boolean, {
    nullable: true,
    description: "Whether the user may join seminars; for the user, staff, and the user's instructors.",
  })
  async accepted(@Ctx() context: Context, @Root() profile: ParticipantProfile): Promise<boolean | null> {
    return (await isSelfStaffOrInstructor(context, profile.user.id)) ? profile.user.participantAccepted : null;
  }
}

@Resolver(() => InstructorProfile)
export class InstructorProfileResolver {
  @FieldResolver(() => NonNegativeInt, { nullable: true, description: "Years of experience; for the user and staff." })
  careerYears(@Ctx() context: Context, @Root() profile: InstructorProfile): number | null {
    return isSelfOrStaff(context, profile.user.id) ? profile.user.instructorCareerYears : null;
  }
}
