import { createUnionType, Field, ObjectType, registerEnumType } from "type-graphql";
import type { SessionClaims } from "../platform/auth/session-tokens.ts";
import { Refusal, refusalWith } from "../platform/graphql/errors/refusal.ts";
import { DateTime } from "../platform/graphql/input/scalars.ts";
import { accountTexts } from "./account.texts.ts";
import { User } from "./users/user.entity.ts";

@ObjectType("Session", { description: "A log-in." })
export class IssuedSession {
  constructor(
    token: string,
    expiresAt: Date,
    readonly claims: SessionClaims,
  ) {
    this.token = token;
    this.expiresAt = expiresAt;
  }

  @Field(() => String, { description: "Send it with each request: `Authorization: Bearer <token>`." })
  readonly token: string;

  @Field(() => DateTime, { description: "When the session ends by itself." })
  readonly expiresAt: Date;
}

@ObjectType()
abstract class WithUser {
  constructor(user: User) {
    this.user = user;
  }

  @Field(() => User, { description: "The account as it is now." })
  readonly user: User;
}

@ObjectType()
abstract class WithUserAndSession extends WithUser {
  constructor(user: User, session: IssuedSession) {
    super(user);
    this.session = session;
  }

  @Field(() => IssuedSession, { description: "The log-in that has just begun." })
  readonly session: IssuedSession;
}

export enum SignUpRefusalCode {
  USERNAME_TAKEN = "USERNAME_TAKEN",
  EMAIL_TAKEN = "EMAIL_TAKEN",
}
registerEnumType(SignUpRefusalCode, {
  name: "SignUpRefusalCode",
  description: "Why an account was not made.",
  valuesConfig: {
    USERNAME_TAKEN: { description: "Somebody has this username." },
    EMAIL_TAKEN: { description: "Somebody has this e-mail address." },
  },
});

@ObjectType({ description: "The account was made, and its owner is logged in." })
export class SignUpSuccess extends WithUserAndSession {}

@ObjectType({ implements: Refusal, description: "No account was made." })
export class SignUpRefusal extends refusalWith(SignUpRefusalCode, accountTexts) {}

export const SignUpResult = createUnionType({
  name: "SignUpResult",
  description: "The outcome of signUp.",
  types: () => [SignUpSuccess, SignUpRefusal] as const,
});

export enum LogInRefusalCode {
  WRONG_CREDENTIALS = "WRONG_CREDENTIALS",
}
registerEnumType(LogInRefusalCode, {
  name: "LogInRefusalCode",
  description: "Why a log-in was refused.",
  valuesConfig: {
    WRONG_CREDENTIALS: { description: "The name or the password is wrong, or the account is not active." },
  },
});

@ObjectType({ description: "The user is logged in." })
export class LogInSuccess extends WithUserAndSession {}

@ObjectType({ implements: Refusal, description: "Nobody was logged in." })
export class LogInRefusal extends refusalWith(LogInRefusalCode, accountTexts) {}

export const LogInResult = createUnionType({
  name: "LogInResult",
  description: "The outcome of logIn.",
  types: () => [LogInSuccess, LogInRefusal] as const,
});

export enum UpdateViewerRefusalCode {
  USERNAME_TAKEN = "USERNAME_TAKEN",
  EMAIL_TAKEN = "EMAIL_TAKEN",
  WRONG_PASSWORD = "WRONG_PASSWORD",
}
registerEnumType(UpdateViewerRefusalCode, {
  name: "UpdateViewerRefusalCode",
  description: "Why the account was not changed.",
  valuesConfig: {
    USERNAME_TAKEN: { description: "Somebody else has this username." },
    EMAIL_TAKEN: { description: "Somebody else has this e-mail address." },
    WRONG_PASSWORD: { description: "currentPassword is wrong." },
  },
});

@ObjectType({ description: "The account was changed." })
export class UpdateViewerSuccess extends WithUser {}

@ObjectType({ implements: Refusal, description: "Nothing was changed." })
export class UpdateViewerRefusal extends refusalWith(UpdateViewerRefusalCode, accountTexts) {}

export const UpdateViewerResult = createUnionType({
  name: "UpdateViewerResult",
  description: "The outcome of updateViewer.",
  types: () => [UpdateViewerSuccess, UpdateViewerRefusal] as const,
});

export enum BecomeParticipantRefusalCode {
  ALREADY_HAS_PROFILE = "ALREADY_HAS_PROFILE",
}
registerEnumType(BecomeParticipantRefusalCode, {
  name: "BecomeParticipantRefusalCode",
  description: "Why no participant profile was added.",
  valuesConfig: { ALREADY_HAS_PROFILE: { description: "The viewer is a participant already." } },
});

@ObjectType({ description: "The viewer is a participant now." })
export class BecomeParticipantSuccess extends WithUser {}

@ObjectType({ implements: Refusal, description: "Nothing was changed." })
export class BecomeParticipantRefusal extends refusalWith(BecomeParticipantRefusalCode, accountTexts) {}

export const BecomeParticipantResult = createUnionType({
  name: "BecomeParticipantResult",
  description: "The outcome of becomeParticipant.",
  types: () => [BecomeParticipantSuccess, BecomeParticipantRefusal] as const,
});

export enum BecomeInstructorRefusalCode {
  ALREADY_HAS_PROFILE = "ALREADY_HAS_PROFILE",
}
registerEnumType(BecomeInstructorRefusalCode, {
  name: "BecomeInstructorRefusalCode",
  description: "Why no instructor profile was added.",
  valuesConfig: { ALREADY_HAS_PROFILE: { description: "The viewer is an instructor already." } },
});

@ObjectType({ description: "The viewer is an instructor now." })
export class BecomeInstructorSuccess extends WithUser {}

@ObjectType({ implements: Refusal, description: "Nothing was changed." })
export class BecomeInstructorRefusal extends refusalWith(BecomeInstructorRefusalCode, accountTexts) {}

export const BecomeInstructorResult = createUnionType({
  name: "BecomeInstructorResult",
  description: "The outcome of becomeInstructor.",
  types: () => [BecomeInstructorSuccess, BecomeInstructorRefusal] as const,
});
