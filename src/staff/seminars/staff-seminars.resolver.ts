import { Arg, Ctx, Mutation, Resolver } from "type-graphql";
import type { Context } from "../../platform/graphql/server/context.ts";
import { BulkResult } from "../bulk.results.ts";
import { cancelSeminars } from "./cancel-seminars.ts";
import { CancelSeminarsInput } from "./staff-seminars.inputs.ts";

/** What staff may change of many seminars at once; one seminar they change by the ordinary mutations. */
@Resolver()
export class StaffSeminarsResolver {
  @Mutation(() => BulkResult, {
    description: "Cancels seminars, as cancelSeminar does; for EDITORs.",
  })
  cancelSeminars(
    @Ctx() context: Context,
    @Arg("input", () => CancelSeminarsInput, { description: "Which seminars." }) input: CancelSeminarsInput,
  ): Promise<BulkResult> {
    return cancelSeminars(context, input);
  }
}
