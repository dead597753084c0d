import { Entity, PrimaryKey, Property } from "@mikro-orm/decorators/legacy";
import { Field, ID, ObjectType } from "type-graphql";
import { type Changes, changesOf } from "../../platform/audit/changes.ts";
import { StaffRole } from "../../platform/auth/staff-role.ts";
import { DateTime, EmailAddress } from "../../platform/graphql/input/scalars.ts";
import { Locale } from "../../platform/locale.ts";

/**
 * A person with an account and one profile or both (A2): a participant has `participantAccepted`, an instructor
 * `instructorCompany`. The table of permissions says who sees which field (A5).
 */
@ObjectType({
  description: "A person with an account. Fields that the viewer may not see are null.",
  simpleResolvers: true,
})
@Entity({ tableName: "users" })
export class User {
  @Field(() => ID, { description: "Never changes, and sorts by the time of sign-up." })
  @PrimaryKey({ type: "uuid" })
  id!: string;

  @Field(() => String, { description: "The unique name to log in with, compared without regard to case." })
  @Property({ type: "text" })
  username!: string;

  @Field(() => EmailAddress, {
    nullable: true,
    description: "For the user, staff, and the user's instructors.",
  })
  @Property({ type: "text" })
  email!: string;

  @Property({ type: "text", lazy: true, hidden: true })
  passwordHash!: string;

  @Field(() => String, { nullable: true, description: "The given name; null when the user gave no names." })
  @Property({ type: "text", nullable: true })
  firstName!: string | null;

  @Field(() => String, { nullable: true, description: "The family name; null when the user gave no names." })
  @Property({ type: "text", nullable: true })
  lastName!: string | null;

  @Field(() => Locale, {
    nullable: true,
    description: "The language of messages and mails; for the user and staff.",
  })
  @Property({ type: "text" })
  locale!: Locale;

  @Field(() => Boolean, { nullable: true, description: "Whether the user can log in; for staff." })
  @Property({ type: "boolean" })
  active!: boolean;

  @Field(() => StaffRole, { nullable: true, description: "For the user and staff; null for who is not staff." })
  @Property({ type: "text", nullable: true })
  staffRole!: StaffRole | null;

  @Property({ type: "text", nullable: true })
  participantUniversity!: string | null;

  @Property({ type: "boolean", nullable: true })
  participantAccepted!: boolean | null;

  @Property({ type: "text", nullable: true })
  instructorCompany!: string | null;

  @Property({ type: "integer", nullable: true })
  instructorCareerYears!: number | null;

  @Field(() => DateTime, { description: "When the account was made." })
  @Property({ type: "datetime", length: 3 })
  createdAt!: Date;
}

/** What the audit trail tells of a user: never the password. */
export function userChanges(before: Partial<User> | null, after: Partial<User>): Changes {
  return changesOf(before, after, [
    "username",
    "email",
    "firstName",
    "lastName",
    "locale",
    "active",
    "staffRole",
    "participantUniversity",
    "participantAccepted",
    "instructorCompany",
    "instructorCareerYears",
  ]);
}
