import { Field, ID, InputType } from "type-graphql";
import { DateTime, LocalDate, LocalTime, PositiveInt } from "../platform/graphql/input/scalars.ts";

@InputType({ description: "A new seminar." })
export class CreateSeminarInput {
  @Field(() => String, { description: "1 to 100 characters, not counting white space around it." })
  name!: string;

  @Field(() => PositiveInt, { description: "How many participants it can have: 1 to 100,000." })
  capacity!: number;

  @Field(() => PositiveInt, { description: "How many weekly sessions it has: 1 to 1,000." })
  sessionCount!: number;

  @Field(() => LocalTime, { description: "When a session begins: HH:MM, in the server's time zone." })
  time!: string;

  @Field(() => Boolean, { nullable: true, defaultValue: true, description: "Whether it takes place online." })
  online?: boolean | null;

  @Field(() => String, { nullable: true, description: "Up to 5,000 characters." })
  description?: string | null;

  @Field(() => LocalDate, { nullable: true, description: "The day of the first session." })
  startsOn?: string | null;

  @Field(() => DateTime, { nullable: true, description: "From when on it can be joined; left out: at once." })
  registrationOpensAt?: Date | null;

  @Field(() => DateTime, { nullable: true, description: "Until when it can be joined; after registrationOpensAt." })
  registrationClosesAt?: Date | null;
}

@InputType({ description: "What to change of a seminar; what is left out stays. Null clears an optional field." })
export class UpdateSeminarInput {
  @Field(() => ID, { description: "The id of the seminar." })
  seminarId!: string;

  @Field(() => String, {
    nullable: true,
    description: "1 to 100 characters, not counting white space around it.",
  })
  name?: string | null;

  @Field(() => PositiveInt, { nullable: true, description: "1 to 100,000, and not below participantCount." })
  capacity?: number | null;

  @Field(() => PositiveInt, { nullable: true, description: "How many weekly sessions it has: 1 to 1,000." })
  sessionCount?: number | null;

  @Field(() => LocalTime, {
    nullable: true,
    description: "When a session begins: HH:MM, in the server's time zone.",
  })
  time?: string | null;

  @Field(() => Boolean, { nullable: true, description: "Whether it takes place online." })
  online?: boolean | null;

  @Field(() => String, { nullable: true, description: "Up to 5,000 characters; null clears it." })
  description?: string | null;

  @Field(() => LocalDate, { nullable: true, description: "The day of the first session; null clears it." })
  startsOn?: string | null;

  @Field(() => DateTime, { nullable: true, description: "From when on it can be joined; null: at once." })
  registrationOpensAt?: Date | null;

  @Field(() => DateTime, {
    nullable: true,
    description: "Until when it can be joined; null: as long as it is SCHEDULED.",
  })
  registrationClosesAt?: Date | null;
}

@InputType({ description: "Which seminar to cancel." })
export class CancelSeminarInput {
  @Field(() => ID, { description: "The id of the seminar." })
  seminarId!: string;
}
