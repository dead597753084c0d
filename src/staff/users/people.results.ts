import { createUnionType, Field, ObjectType, registerEnumType } from "type-graphql";
import { User } from "../../accounts/users/user.entity.ts";
import { Refusal, refusalWith } from "../../platform/graphql/errors/refusal.ts";
import { staffTexts } from "../staff.texts.ts";

export enum SetStaffRoleRefusalCode {
  LAST_ADMIN = "LAST_ADMIN",
}
registerEnumType(SetStaffRoleRefusalCode, {
  name: "SetStaffRoleRefusalCode",
  description: "Why a role was not changed.",
  valuesConfig: { LAST_ADMIN: { description: staffTexts.LAST_ADMIN.EN } },
});

@ObjectType({ description: "The user has the role." })
export class SetStaffRoleSuccess {
  constructor(user: User) {
    this.user = user;
  }

  @Field(() => User, { description: "The user as it is now." })
  readonly user: User;
}

@ObjectType({ implements: Refusal, description: "Nothing was changed." })
export class SetStaffRoleRefusal extends refusalWith(SetStaffRoleRefusalCode, staffTexts) {}

export const SetStaffRoleResult = createUnionType({
  name: "SetStaffRoleResult",
  description: "The outcome of setStaffRole.",
  types: () => [SetStaffRoleSuccess, SetStaffRoleRefusal] as const,
});
