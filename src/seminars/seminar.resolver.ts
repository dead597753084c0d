import { Arg, Args, Ctx, FieldResolver, ID, Mutation, ObjectType, Query, Resolver, Root } from "type-graphql";
import { listSeminars } from "../catalogue/list-seminars.ts";
import { Seminar } from "../catalogue/seminar.entity.ts";
import { descriptionBySeminar, seminarInFull } from "../catalogue/seminar.loaders.ts";
import { isUuid } from "../platform/graphql/input/ids.ts";
import { NonNegativeInt } from "../platform/graphql/input/scalars.ts";
import { connectionOf, edgeOf, type Page } from "../platform/graphql/lists/connections.ts";
import type { Context } from "../platform/graphql/server/context.ts";
import { cancelSeminar } from "./cancel-seminar.ts";
import { createSeminar } from "./create-seminar.ts";
import { CancelSeminarInput, CreateSeminarInput, SeminarsArgs, UpdateSeminarInput } from "./seminar.inputs.ts";
import { CancelSeminarResult, CreateSeminarResult, UpdateSeminarResult } from "./seminar.results.ts";
import { updateSeminar } from "./update-seminar.ts";

@ObjectType({ description: "A seminar in a list.", simpleResolvers: true })
class SeminarEdge extends edgeOf(Seminar) {}

@ObjectType({ description: "A page of seminars.", simpleResolvers: true })
class SeminarConnection extends connectionOf(Seminar, SeminarEdge) {}

@Resolver(() => Seminar)
export class SeminarResolver {
  @Query(() => Seminar, { nullable: true, description: "A seminar by id; null when there is none." })
  seminar(
    @Ctx() context: Context,
    @Arg("id", () => ID, { description: "The id of the seminar." }) id: string,
  ): Promise<Seminar | null> | null {
    return isUuid(id) ? context.load(seminarInFull).load(id) : null;
  }

  @Query(() => SeminarConnection, { description: "The catalogue, newest first unless asked otherwise." })
  seminars(@Ctx() context: Context, @Args(() => SeminarsArgs) args: SeminarsArgs): Promise<Page<Seminar>> {
    return listSeminars(context, args);
  }

  @FieldResolver(() => String, { nullable: true, description: "What it is about, as plain text; null when not said." })
  description(@Ctx() context: Context, @Root() { id, description }: Seminar): Promise<string | null> | string | null {
    return description === undefined ? context.load(descriptionBySeminar).load(id) : description;
  }

  @FieldResolver(() => NonNegativeInt, { description: "How many seats are left: capacity less participantCount." })
  remainingSeats(@Root() seminar: Seminar): number {
    return seminar.capacity - seminar.participantCount;
  }

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
