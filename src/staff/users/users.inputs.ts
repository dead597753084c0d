import { ArgsType, Field, InputType, registerEnumType } from "type-graphql";
import { EnrollmentRole } from "../../enrollment/enrollment.entity.ts";
import { PageArgs } from "../../platform/graphql/lists/connections.ts";

export enum UserOrder {
  LATEST = "LATEST",
  EARLIEST = "EARLIEST",
  USERNAME_ASC = "USERNAME_ASC",
  USERNAME_DESC = "USERNAME_DESC",
  EMAIL_ASC = "EMAIL_ASC",
  EMAIL_DESC = "EMAIL_DESC",
  NAME_ASC = "NAME_ASC",
  NAME_DESC = "NAME_DESC",
}
registerEnumType(UserOrder, {
  name: "UserOrder",
  description: "The order of users.",
  valuesConfig: {
    LATEST: { description: "Newest first." },
    EARLIEST: { description: "Oldest first." },
    USERNAME_ASC: { description: "By username, regardless of case." },
    USERNAME_DESC: { description: "By username, backwards." },
    EMAIL_ASC: { description: "By e-mail address, regardless of case." },
    EMAIL_DESC: { description: "By e-mail address, backwards." },
    NAME_ASC: { description: "By family name, then given name, regardless of case; those without names last." },
    NAME_DESC: { description: "By family name, then given name, backwards; those without names first." },
  },
});

@InputType({ description: "Which users to list; what is left out does not matter." })
export class UserFilter {
  @Field(() => String, {
    nullable: true,
    description:
      "A part of the username, the e-mail address or the names, literally, regardless of case. The names may be together, either one first.",
  })
  search?: string | null;

  @Field(() => EnrollmentRole, { nullable: true, description: "Those with the profile of this role." })
  hasProfile?: EnrollmentRole | null;

  @Field(() => Boolean, { nullable: true, description: "Participants who are accepted, or who are not." })
  accepted?: boolean | null;

  @Field(() => Boolean, { nullable: true, description: "Whether they have a staff role." })
  isStaff?: boolean | null;

  @Field(() => Boolean, { nullable: true, description: "Whether they can log in." })
  active?: boolean | null;
}

@ArgsType()
export class UsersArgs extends PageArgs {
  @Field(() => UserFilter, { nullable: true, description: "Which users to list." })
  filter?: UserFilter | null;

  @Field(() => UserOrder, { nullable: true, defaultValue: UserOrder.LATEST, description: "In which order." })
  orderBy?: UserOrder | null;
}
