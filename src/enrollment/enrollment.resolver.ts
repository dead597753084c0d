import { Arg, Ctx, FieldResolver, Int, Mutation, Resolver, Root } from "type-graphql";
import { User } from "../accounts/users/user.entity.ts";
import { userById } from "../accounts/users/user.loaders.ts";
import { Seminar } from "../catalogue/seminar.entity.ts";
import { seminarById } from "../catalogue/seminar.loaders.ts";
import type { Context } from "../platform/graphql/server/context.ts";
import { found } from "../platform/graphql/server/loaders.ts";
import { Enrollment, EnrollmentStatus } from "./enrollment.entity.ts";
import { DropSeminarInput, JoinSeminarInput } from "./enrollment.inputs.ts";
import { waitlistPositionByEnrollment } from "./enrollment.loaders.ts";
import {
  DropSeminarResult,
  DropSeminarSuccess,
  JoinSeminarRefusal,
  JoinSeminarResult,
  JoinSeminarSuccess,
} from "./enrollment.results.ts";
import { dropSeminar } from "./joining/drop-seminar.ts";
import { joinSeminar } from "./joining/join-seminar.ts";

@Resolver()
export class EnrollmentMutationResolver {
  @Mutation(() => JoinSeminarResult, {
    description: "Joins a seminar, as a participant or an instructor. A seat is given to exactly one person.",
  })
  joinSeminar(
    @Ctx() context: Context,
    @Arg("input", () => JoinSeminarInput, { description: "Which seminar, and how." }) input: JoinSeminarInput,
  ) {
    return joinSeminar(context, input);
  }

  @Mutation(() => DropSeminarResult, {
    description: "Gives the viewer's seat back, for good, or leaves the waiting list. Doing it again changes nothing.",
  })
  dropSeminar(
    @Ctx() context: Context,
    @Arg("input", () => DropSeminarInput, { description: "Which seminar." }) input: DropSeminarInput,
  ) {
    return dropSeminar(context, input);
  }
}

@Resolver(() => Enrollment)
export class EnrollmentResolver {
  @FieldResolver(() => Seminar, { description: "The seminar that the place is in." })
  async seminar(@Ctx() context: Context, @Root() enrollment: Enrollment): Promise<Seminar> {
    return found(await context.load(seminarById).load(enrollment.seminarId));
  }

  @FieldResolver(() => User, { description: "The person whose place it is." })
  async user(@Ctx() context: Context, @Root() enrollment: Enrollment): Promise<User> {
    return found(await context.load(userById).load(enrollment.userId));
  }

  @FieldResolver(() => Int, {
    nullable: true,
    description: "The place on the waiting list, from 1; null unless WAITLISTED.",
  })
  waitlistPosition(@Ctx() context: Context, @Root() enrollment: Enrollment): Promise<number | null> | null {
    if (enrollment.status !== EnrollmentStatus.WAITLISTED) return null;
    return context.load(waitlistPositionByEnrollment).load(enrollment);
  }
}

@Resolver(() => JoinSeminarSuccess)
export class JoinSeminarSuccessResolver {
  @FieldResolver(() => Seminar, { description: "The seminar, after joining." })
  async seminar(@Ctx() context: Context, @Root() success: JoinSeminarSuccess): Promise<Seminar> {
    return found(await context.load(seminarById).load(success.seminarId));
  }
}

@Resolver(() => JoinSeminarRefusal)
export class JoinSeminarRefusalResolver {
  @FieldResolver(() => Seminar, { description: "The seminar as it is now." })
  async seminar(@Ctx() context: Context, @Root() refusal: JoinSeminarRefusal): Promise<Seminar> {
    return found(await context.load(seminarById).load(refusal.seminarId));
  }
}

@Resolver(() => DropSeminarSuccess)
export class DropSeminarSuccessResolver {
  @FieldResolver(() => Seminar, { description: "The seminar, after dropping." })
  async seminar(@Ctx() context: Context, @Root() success: DropSeminarSuccess): Promise<Seminar> {
    return found(await context.load(seminarById).load(success.seminarId));
  }
}
