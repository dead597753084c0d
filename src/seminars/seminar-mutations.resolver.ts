import { Arg, Ctx, Mutation, Resolver } from "type-graphql";
import type { Context } from "../platform/graphql/server/context.ts";
import { cancelSeminar } from "./cancel-seminar.ts";
import { createSeminar } from "./create-seminar.ts";
import { CancelSeminarInput, CreateSeminarInput, UpdateSeminarInput } from "./seminar.inputs.ts";
import { CancelSeminarResult, CreateSeminarResult, UpdateSeminarResult } from "./seminar.results.ts";
import { updateSeminar } from "./update-seminar.ts";

@Resolver()
export class SeminarMutationsResolver {
  @Mutation(() => CreateSeminarResult, {
    description:
      "Makes a seminar. Needs an instructor profile, whose owner becomes its first instructor, or an EDITOR.",
  })
  createSeminar(
    @Ctx() context: Context,
    @Arg("input", () => CreateSeminarInput, { description: "The new seminar." }) input: CreateSeminarInput,
  ) {
    return createSeminar(context, input);
  }

  @Mutation(() => UpdateSeminarResult, { description: "Changes a seminar; for its instructors and EDITORs." })
  updateSeminar(
    @Ctx() context: Context,
    @Arg("input", () => UpdateSeminarInput, { description: "What to change." }) input: UpdateSeminarInput,
  ) {
    return updateSeminar(context, input);
  }

  @Mutation(() => CancelSeminarResult, { description: "Cancels a seminar; for its instructors and EDITORs." })
  cancelSeminar(
    @Ctx() context: Context,
    @Arg("input", () => CancelSeminarInput, { description: "Which seminar." }) input: CancelSeminarInput,
  ) {
    return cancelSeminar(context, input);
  }
}
