import { Entity, PrimaryKey, Property } from "@mikro-orm/decorators/legacy";
import { Field, ID, ObjectType } from "type-graphql";
import { type Changes, changesOf } from "../platform/audit/changes.ts";
import type { StaffRole } from "../platform/graphql/context.ts";
import { DateTime } from "../platform/graphql/scalars.ts";
import type { Locale } from "../platform/locale.ts";

/**
 * A person with an account and one profile or both (A2): a participant has `participantAccepted`, an instructor
 * `instructorCompany`. What is a plain field here everyone may read; the rest is resolved by who asks (A5).
 */
@ObjectType({ description: "A person with an account. Fields that the viewer may not see are null." })
@Entity({ tableName: "users" })
export class User {
  @Field(() => ID, { description: "Never changes, and sorts by the time of sign-up." })
  @PrimaryKey({ type: "uuid" })
  id!: string;

  @Field(() => String, { description: "The unique name to log in with, compared without regard to case." })
  @Property({ type: "text" })
  username!: string;

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

  @Property({ type: "text" })
  locale!: Locale;

  @Property({ type: "boolean" })
  active!: boolean;

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
