import { Args, ArgsType, Ctx, Field, FieldResolver, Resolver, Root } from "type-graphql";
import { User } from "../accounts/users/user.entity.ts";
import { requireViewer } from "../platform/auth/require-viewer.ts";
import { isStaff, StaffRole } from "../platform/auth/staff-role.ts";
import { type Page, PageArgs, pageRequest } from "../platform/graphql/lists/connections.ts";
import type { Context } from "../platform/graphql/server/context.ts";
import { EnrollmentConnection } from "./enrollment.connections.ts";
import { type Enrollment, EnrollmentRole, EnrollmentStatus } from "./enrollment.entity.ts";
import { userEnrollmentsOrder, userEnrollmentsPage } from "./enrollment-pages.loaders.ts";

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
  enrollments(
    @Ctx() context: Context,
    @Root() user: User,
    @Args(() => UserEnrollmentsArgs) args: UserEnrollmentsArgs,
  ): Promise<Page<Enrollment>> {
    const viewer = requireViewer(context);
    const seesAll = viewer.id === user.id || isStaff(viewer, StaffRole.VIEWER);
    const request = pageRequest(`enrollments:${user.id}`, args, userEnrollmentsOrder);
    return context.load(userEnrollmentsPage).load({
      userId: user.id,
      request,
      role: args.role ?? null,
      status: args.status ?? null,
      instructorId: seesAll ? null : viewer.id,
    });
  }
}
