import { Field, InputType, registerEnumType } from "type-graphql";
import { EmailAddress, NonNegativeInt } from "../platform/graphql/input/scalars.ts";
import { Locale } from "../platform/locale.ts";

registerEnumType(Locale, {
  name: "Locale",
  description: "The language of messages and mails.",
  valuesConfig: { KO: { description: "Korean." }, EN: { description: "English." } },
});

@InputType({ description: "A participant's profile." })
export class ParticipantProfileInput {
  @Field(() => String, { nullable: true, description: "Up to 100 characters; empty when left out." })
  university?: string | null;
}

@InputType({ description: "An instructor's profile." })
export class InstructorProfileInput {
  @Field(() => String, { nullable: true, description: "Up to 100 characters; empty when left out." })
  company?: string | null;

  @Field(() => NonNegativeInt, { nullable: true, description: "Years of experience; null when not said." })
  careerYears?: number | null;
}

@InputType({ description: "A new account. At least one of the two profiles is needed." })
export class SignUpInput {
  @Field(() => String, {
    description: "1 to 50 letters, digits, dots, underscores or hyphens; unique regardless of case.",
  })
  username!: string;

  @Field(() => EmailAddress, { description: "Unique regardless of case." })
  email!: string;

  @Field(() => String, { description: "8 to 128 characters, any." })
  password!: string;

  @Field(() => String, { nullable: true, description: "1 to 50 letters. Give both names or neither." })
  firstName?: string | null;

  @Field(() => String, { nullable: true, description: "1 to 50 letters. Give both names or neither." })
  lastName?: string | null;

  @Field(() => Locale, { nullable: true, defaultValue: Locale.KO, description: "The language for messages and mails." })
  locale?: Locale | null;

  @Field(() => ParticipantProfileInput, { nullable: true, description: "Give this to take part in seminars." })
  participant?: ParticipantProfileInput | null;

  @Field(() => InstructorProfileInput, { nullable: true, description: "Give this to lead seminars." })
  instructor?: InstructorProfileInput | null;
}

@InputType({ description: "Who logs in." })
export class LogInInput {
  @Field(() => String, { description: "The username or the e-mail address." })
  login!: string;

  @Field(() => String, { description: "The password of the account." })
  password!: string;
}

@InputType({ description: "What to change; what is left out stays. Null clears the names, and nothing else." })
export class UpdateViewerInput {
  @Field(() => String, {
    nullable: true,
    description: "1 to 50 letters, digits, dots, underscores or hyphens; unique regardless of case.",
  })
  username?: string | null;

  @Field(() => EmailAddress, { nullable: true, description: "A change needs currentPassword." })
  email?: string | null;

  @Field(() => String, { nullable: true, description: "A change needs currentPassword, and ends all other sessions." })
  password?: string | null;

  @Field(() => String, { nullable: true, description: "Needed to change the password or the e-mail address." })
  currentPassword?: string | null;

  @Field(() => String, { nullable: true, description: "1 to 50 letters; null clears it. Both names or neither." })
  firstName?: string | null;

  @Field(() => String, { nullable: true, description: "1 to 50 letters; null clears it. Both names or neither." })
  lastName?: string | null;

  @Field(() => Locale, { nullable: true, description: "The language for messages and mails." })
  locale?: Locale | null;

  @Field(() => ParticipantProfileInput, { nullable: true, description: "Only for who has a participant profile." })
  participant?: ParticipantProfileInput | null;

  @Field(() => InstructorProfileInput, { nullable: true, description: "Only for who has an instructor profile." })
  instructor?: InstructorProfileInput | null;
}

@InputType({ description: "The participant profile to add." })
export class BecomeParticipantInput {
  @Field(() => String, { nullable: true, description: "Up to 100 characters; empty when left out." })
  university?: string | null;
}

@InputType({ description: "The instructor profile to add." })
export class BecomeInstructorInput {
  @Field(() => String, { nullable: true, description: "Up to 100 characters; empty when left out." })
  company?: string | null;

  @Field(() => NonNegativeInt, { nullable: true, description: "Years of experience; null when not said." })
  careerYears?: number | null;
}
