import { Args, ArgsType, Ctx, Field, FieldResolver, Resolver, Root } from "type-graphql";
import { User } from "../accounts/user.entity.ts";
import { isSelfOrStaff, isSelfStaffOrInstructor } from "../accounts/user.loaders.ts";
import { type Page, PageArgs, pageRequest } from "../platform/graphql/connections.ts";
import type { Context } from "../platform/graphql/context.ts";
import { isUuid } from "../platform/graphql/ids.ts";
import { EnrollmentConnection } from "./enrollment.connections.ts";
import { type Enrollment, EnrollmentRole, EnrollmentStatus } from "./enrollment.entity.ts";
import { userEnrollmentsPage } from "./enrollment-pages.ts";

@ArgsType()
class UserEnrollmentsArgs extends PageArgs {
  @Field(() => EnrollmentRole, { nullable: true, description: "Only those with this role." })
  role?: EnrollmentRole | null;

  @Field(() => EnrollmentStatus, { nullable: true, description: "Only those with this status." })
  status?: EnrollmentStatus | null;
}

@Resolver(() => User)
export class UserEnrollmentsResolver {
  @FieldResolver(() => EnrollmentConnection, {
    nullable: true,
    description:
      "The user's places, newest first; for the user and staff. The user's instructors see those in their seminars.",
  })
  async enrollments(
    @Ctx() context: Context,
    @Root() user: User,
    @Args(() => UserEnrollmentsArgs) args: UserEnrollmentsArgs,
  ): Promise<Page<Enrollment> | null> {
    const request = pageRequest(`enrollments:${user.id}`, args, isUuid);
    if (!(await isSelfStaffOrInstructor(context, user.id))) return null;
    return await context.load(userEnrollmentsPage).load({
      userId: user.id,
      request,
      role: args.role ?? null,
      status: args.status ?? null,
      instructorId: isSelfOrStaff(context, user.id) ? null : (context.viewer?.id ?? null),
    });
  }
}
