import { Field, ID, InputType } from "type-graphql";
import { StaffRole } from "../../platform/auth/staff-role.ts";

@InputType({ description: "Whom to accept as participants, or no longer." })
export class SetParticipantsAcceptedInput {
  @Field(() => [ID], { description: "The ids of up to 500 users." })
  userIds!: string[];

  @Field(() => Boolean, { description: "Whether they may join seminars." })
  accepted!: boolean;
}

@InputType({ description: "Whom to deactivate, or to activate again." })
export class SetUsersActiveInput {
  @Field(() => [ID], { description: "The ids of up to 500 users." })
  userIds!: string[];

  @Field(() => Boolean, { description: "Whether they can log in." })
  active!: boolean;
}

@InputType({ description: "Who gets which staff role." })
export class SetStaffRoleInput {
  @Field(() => ID, { description: "The id of the user." })
  userId!: string;

  @Field(() => StaffRole, { nullable: true, description: "What the user may do from now on; null: no staff any more." })
  staffRole?: StaffRole | null;
}
