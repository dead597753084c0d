import { ArgsType, Field, ID, InputType, registerEnumType } from "type-graphql";
import { SeminarStatus } from "../catalogue/seminar.entity.ts";
import { DateTime, LocalDate, LocalTime, PositiveInt } from "../platform/graphql/input/scalars.ts";
import { PageArgs } from "../platform/graphql/lists/connections.ts";

/** Not by how many seats are taken or free: an index on the counters would slow down every join. */
export enum SeminarOrder {
  LATEST = "LATEST",
  EARLIEST = "EARLIEST",
  NAME_ASC = "NAME_ASC",
  NAME_DESC = "NAME_DESC",
  STARTS_ON_ASC = "STARTS_ON_ASC",
  STARTS_ON_DESC = "STARTS_ON_DESC",
  CAPACITY_ASC = "CAPACITY_ASC",
  CAPACITY_DESC = "CAPACITY_DESC",
}
registerEnumType(SeminarOrder, {
  name: "SeminarOrder",
  description: "The order of seminars.",
  valuesConfig: {
    LATEST: { description: "Newest first." },
    EARLIEST: { description: "Oldest first." },
    NAME_ASC: { description: "By name, regardless of case." },
    NAME_DESC: { description: "By name, backwards." },
    STARTS_ON_ASC: { description: "By the day of the first session; those without one last." },
    STARTS_ON_DESC: { description: "By the day of the first session, backwards; those without one first." },
    CAPACITY_ASC: { description: "The smallest first." },
    CAPACITY_DESC: { description: "The largest first." },
  },
});

@InputType({ description: "Which seminars to list; what is left out does not matter." })
export class SeminarFilter {
  @Field(() => String, { nullable: true, description: "A part of the name, literally, regardless of case." })
  nameContains?: string | null;

  @Field(() => Boolean, { nullable: true, description: "Whether it takes place online." })
  online?: boolean | null;

  @Field(() => Boolean, { nullable: true, description: "Whether participantCount is below capacity." })
  hasFreeSeats?: boolean | null;

  @Field(() => SeminarStatus, { nullable: true, description: "Where the seminar stands." })
  status?: SeminarStatus | null;
}

@ArgsType()
export class SeminarsArgs extends PageArgs {
  @Field(() => SeminarFilter, { nullable: true, description: "Which seminars to list." })
  filter?: SeminarFilter | null;

  @Field(() => SeminarOrder, { nullable: true, defaultValue: SeminarOrder.LATEST, description: "In which order." })
  orderBy?: SeminarOrder | null;
}

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
