import { Arg, Args, Ctx, FieldResolver, Resolver, Root } from "type-graphql";
import { Seminar } from "../catalogue/seminar.entity.ts";
import { type Page, PageArgs, pageRequest } from "../platform/graphql/lists/connections.ts";
import type { Context } from "../platform/graphql/server/context.ts";
import { EnrollmentConnection } from "./enrollment.connections.ts";
import { Enrollment, EnrollmentRole } from "./enrollment.entity.ts";
import { instructorsBySeminar, joinFactsBySeminar, viewerEnrollmentBySeminar } from "./enrollment.loaders.ts";
import { JoinSeminarRefusalCode } from "./enrollment.results.ts";
import { participantsOrder, participantsPage } from "./enrollment-pages.loaders.ts";
import { joinRefusals } from "./joining/join-rules.ts";

/** Who is in a seminar, and how the viewer stands to it. */
@Resolver(() => Seminar)
export class SeminarEnrollmentsResolver {
  @FieldResolver(() => [Enrollment], { description: "Who leads it, in the order of joining." })
  instructors(@Ctx() context: Context, @Root() seminar: Seminar): Promise<Enrollment[]> {
    return context.load(instructorsBySeminar).load(seminar.id);
  }

  @FieldResolver(() => EnrollmentConnection, {
    nullable: true,
    description: "Who takes part, or did until they dropped, in the order of joining; null when not logged in.",
  })
  participants(
    @Ctx() context: Context,
    @Root() seminar: Seminar,
    @Args(() => PageArgs) args: PageArgs,
  ): Promise<Page<Enrollment>> {
    const request = pageRequest(`participants:${seminar.id}`, args, participantsOrder);
    return context.load(participantsPage).load({ seminarId: seminar.id, request });
  }

  @FieldResolver(() => Enrollment, {
    nullable: true,
    description: "The viewer's place in it, whatever its status; null when there is none or nobody is logged in.",
  })
  viewerEnrollment(@Ctx() context: Context, @Root() seminar: Seminar): Promise<Enrollment | null> {
    return context.load(viewerEnrollmentBySeminar).load(seminar.id);
  }

  @FieldResolver(() => [JoinSeminarRefusalCode], {
    description: "Every rule that keeps the viewer from joining now, in the order of the rules; empty: go ahead.",
  })
  async joinEligibility(
    @Ctx() context: Context,
    @Root() seminar: Seminar,
    @Arg("role", () => EnrollmentRole, { defaultValue: EnrollmentRole.PARTICIPANT, description: "As what to join." })
    role: EnrollmentRole,
  ): Promise<JoinSeminarRefusalCode[]> {
    return joinRefusals(seminar, role, await context.load(joinFactsBySeminar).load(seminar.id));
  }
}
