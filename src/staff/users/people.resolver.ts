import { Arg, Ctx, Mutation, Resolver } from "type-graphql";
import type { Context } from "../../platform/graphql/server/context.ts";
import { BulkResult } from "../bulk.results.ts";
import { SetParticipantsAcceptedInput, SetStaffRoleInput, SetUsersActiveInput } from "./people.inputs.ts";
import { SetStaffRoleResult } from "./people.results.ts";
import { setParticipantsAccepted } from "./set-participants-accepted.ts";
import { setStaffRole } from "./set-staff-role.ts";
import { setUsersActive } from "./set-users-active.ts";

/** What staff may change of people. */
@Resolver()
export class PeopleResolver {
  @Mutation(() => BulkResult, {
    description:
      "Lets participants join seminars, or no longer, which takes no seat away; for EDITORs. Who is accepted again may get a seat that was waited for.",
  })
  setParticipantsAccepted(
    @Ctx() context: Context,
    @Arg("input", () => SetParticipantsAcceptedInput, { description: "Who, and whether." })
    input: SetParticipantsAcceptedInput,
  ): Promise<BulkResult> {
    return setParticipantsAccepted(context, input);
  }

  @Mutation(() => BulkResult, {
    description:
      "Deactivates users or activates them again; for ADMINs. Who is deactivated is logged out, cannot log in, keeps seats and leaves the waiting lists.",
  })
  setUsersActive(
    @Ctx() context: Context,
    @Arg("input", () => SetUsersActiveInput, { description: "Who, and whether." }) input: SetUsersActiveInput,
  ): Promise<BulkResult> {
    return setUsersActive(context, input);
  }

  @Mutation(() => SetStaffRoleResult, { description: "Gives a staff role or takes it away, at once; for ADMINs." })
  setStaffRole(
    @Ctx() context: Context,
    @Arg("input", () => SetStaffRoleInput, { description: "Who, and which role." }) input: SetStaffRoleInput,
  ): Promise<typeof SetStaffRoleResult> {
    return setStaffRole(context, input);
  }
}
