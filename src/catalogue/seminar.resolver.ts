import { Arg, Args, Ctx, FieldResolver, ID, Query, Resolver, Root } from "type-graphql";
import { isUuid } from "../platform/graphql/input/ids.ts";
import { NonNegativeInt } from "../platform/graphql/input/scalars.ts";
import type { Page } from "../platform/graphql/lists/connections.ts";
import type { Context } from "../platform/graphql/server/context.ts";
import { listSeminars } from "./list-seminars.ts";
import { Seminar } from "./seminar.entity.ts";
import { SeminarsArgs } from "./seminar.inputs.ts";
import { descriptionBySeminar, seminarInFull } from "./seminar.loaders.ts";
import { SeminarConnection } from "./seminar.types.ts";

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
}
