import { Arg, Ctx, Mutation, Resolver } from "type-graphql";
import type { Context } from "../../platform/graphql/server/context.ts";
import { BulkResult } from "../bulk.results.ts";
import { dropEnrollments } from "./drop-enrollments.ts";
import { enrollParticipants } from "./enroll-participants.ts";
import { reinstateEnrollments } from "./reinstate-enrollments.ts";
import {
  DropEnrollmentsInput,
  EnrollParticipantsInput,
  ReinstateEnrollmentsInput,
} from "./staff-enrollments.inputs.ts";

/** What staff do with the places of others. */
@Resolver()
export class StaffEnrollmentsResolver {
  @Mutation(() => BulkResult, {
    description:
      "Gives people seats, whatever the registration window, and whether or not they dropped before; for EDITORs. Up to 500.",
  })
  enrollParticipants(
    @Ctx() context: Context,
    @Arg("input", () => EnrollParticipantsInput, { description: "Whom, and where." }) input: EnrollParticipantsInput,
  ): Promise<BulkResult> {
    return enrollParticipants(context, input);
  }

  @Mutation(() => BulkResult, {
    description: "Takes participants out of seminars, or off waiting lists; for EDITORs. Up to 500.",
  })
  dropEnrollments(
    @Ctx() context: Context,
    @Arg("input", () => DropEnrollmentsInput, { description: "Which ones." }) input: DropEnrollmentsInput,
  ): Promise<BulkResult> {
    return dropEnrollments(context, input);
  }

  @Mutation(() => BulkResult, {
    description:
      "Gives people who dropped their seats back, as far as seats are free and nobody waits for them; for EDITORs. Up to 500.",
  })
  reinstateEnrollments(
    @Ctx() context: Context,
    @Arg("input", () => ReinstateEnrollmentsInput, { description: "Which ones." }) input: ReinstateEnrollmentsInput,
  ): Promise<BulkResult> {
    return reinstateEnrollments(context, input);
  }
}
