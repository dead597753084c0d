import { Args, Ctx, Query, Resolver } from "type-graphql";
import { EnrollmentConnection } from "../../enrollment/enrollment.connections.ts";
import type { Enrollment } from "../../enrollment/enrollment.entity.ts";
import type { Page } from "../../platform/graphql/lists/connections.ts";
import type { Context } from "../../platform/graphql/server/context.ts";
import { EnrollmentsArgs } from "./enrollments.inputs.ts";
import { listEnrollments } from "./list-enrollments.ts";

@Resolver()
export class EnrollmentsResolver {
  @Query(() => EnrollmentConnection, {
    description: "All enrollments, of whatever status, newest first unless asked otherwise; for VIEWERs.",
  })
  enrollments(@Ctx() context: Context, @Args(() => EnrollmentsArgs) args: EnrollmentsArgs): Promise<Page<Enrollment>> {
    return listEnrollments(context, args);
  }
}
