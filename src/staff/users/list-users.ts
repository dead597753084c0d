import { type RawBuilder, sql } from "kysely";
import { User } from "../../accounts/users/user.entity.ts";
import { isUserWith } from "../../accounts/users/user-search.ts";
import { EnrollmentRole } from "../../enrollment/enrollment.entity.ts";
import { parseInput } from "../../platform/graphql/input/input-rules.ts";
import { type Page, pageRequest } from "../../platform/graphql/lists/connections.ts";
import { entityPage } from "../../platform/graphql/lists/keyset-page.ts";
import type { Context } from "../../platform/graphql/server/context.ts";
import { searchRules } from "../staff.rules.ts";
import { userOrders } from "./user-orders.ts";
import { type UserFilter, UserOrder, type UsersArgs } from "./users.inputs.ts";

/** A page of all who have an account; for VIEWERs. */
export async function listUsers(context: Context, args: UsersArgs): Promise<Page<User>> {
  const name = args.orderBy ?? UserOrder.LATEST;
  const order = userOrders[name];
  const request = pageRequest(`users:${name}`, args, order);
  parseInput(searchRules, args.filter ?? {}, "filter");
  const query = { from: sql`users`, where: conditionsOf(args.filter ?? {}), order };
  return await entityPage(context.em, request, query, User);
}

/** What is rare has a partial index with the same condition. */
function conditionsOf({ search, hasProfile, accepted, isStaff, active }: UserFilter): RawBuilder<unknown>[] {
  const conditions: RawBuilder<unknown>[] = [];
  if (search) conditions.push(isUserWith(search));
  if (hasProfile) conditions.push(profileConditions[hasProfile]);
  if (accepted != null) conditions.push(accepted ? sql`participant_accepted` : sql`not participant_accepted`);
  if (isStaff != null) conditions.push(isStaff ? sql`staff_role is not null` : sql`staff_role is null`);
  if (active != null) conditions.push(active ? sql`active` : sql`not active`);
  return conditions;
}

const profileConditions: Record<EnrollmentRole, RawBuilder<unknown>> = {
  [EnrollmentRole.PARTICIPANT]: sql`participant_accepted is not null`,
  [EnrollmentRole.INSTRUCTOR]: sql`instructor_company is not null`,
};
