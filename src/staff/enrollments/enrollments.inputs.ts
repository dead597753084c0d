import { ArgsType, Field, ID, InputType, registerEnumType } from "type-graphql";
import { EnrollmentRole, EnrollmentStatus } from "../../enrollment/enrollment.entity.ts";
import { PageArgs } from "../../platform/graphql/lists/connections.ts";

/** Not by role or status, of which there are a few each: the filter finds those. */
export enum EnrollmentOrder {
  LATEST = "LATEST",
  EARLIEST = "EARLIEST",
  USERNAME_ASC = "USERNAME_ASC",
  USERNAME_DESC = "USERNAME_DESC",
  NAME_ASC = "NAME_ASC",
  NAME_DESC = "NAME_DESC",
  SEMINAR_NAME_ASC = "SEMINAR_NAME_ASC",
  SEMINAR_NAME_DESC = "SEMINAR_NAME_DESC",
}
registerEnumType(EnrollmentOrder, {
  name: "EnrollmentOrder",
  description: "The order of enrollments; those of one person, or in one seminar, by the time of joining.",
  valuesConfig: {
    LATEST: { description: "Newest first." },
    EARLIEST: { description: "Oldest first." },
    USERNAME_ASC: { description: "By the person's username, regardless of case." },
    USERNAME_DESC: { description: "By the person's username, backwards." },
    NAME_ASC: { description: "By the person's family name, then given name; those without names last." },
    NAME_DESC: { description: "By the person's family name, then given name, backwards; those without names first." },
    SEMINAR_NAME_ASC: { description: "By the seminar's name, regardless of case." },
    SEMINAR_NAME_DESC: { description: "By the seminar's name, backwards." },
  },
});

@InputType({ description: "Which enrollments to list; what is left out does not matter." })
export class EnrollmentFilter {
  @Field(() => ID, { nullable: true, description: "Those in this seminar." })
  seminarId?: string | null;

  @Field(() => ID, { nullable: true, description: "Those of this user." })
  userId?: string | null;

  @Field(() => EnrollmentRole, { nullable: true, description: "Those with this role." })
  role?: EnrollmentRole | null;

  @Field(() => EnrollmentStatus, { nullable: true, description: "Those with this status." })
  status?: EnrollmentStatus | null;

  @Field(() => String, {
    nullable: true,
    description:
      "A part of the person's username, e-mail address or names, or of the seminar's name, literally, regardless of case.",
  })
  search?: string | null;
}

@ArgsType()
export class EnrollmentsArgs extends PageArgs {
  @Field(() => EnrollmentFilter, { nullable: true, description: "Which enrollments to list." })
  filter?: EnrollmentFilter | null;

  @Field(() => EnrollmentOrder, {
    nullable: true,
    defaultValue: EnrollmentOrder.LATEST,
    description: "In which order.",
  })
  orderBy?: EnrollmentOrder | null;
}
