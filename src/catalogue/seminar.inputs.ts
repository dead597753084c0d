import { ArgsType, Field, InputType, registerEnumType } from "type-graphql";
import { PageArgs } from "../platform/graphql/lists/connections.ts";
import { SeminarStatus } from "./seminar.entity.ts";

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
