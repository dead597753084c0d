import { type RawBuilder, sql } from "kysely";
import { bySeminarName } from "../../catalogue/seminar-orders.ts";
import { Enrollment, EnrollmentStatus } from "../../enrollment/enrollment.entity.ts";
import { isUuid } from "../../platform/graphql/input/ids.ts";
import { parseInput } from "../../platform/graphql/input/input-rules.ts";
import { type Page, pageRequest } from "../../platform/graphql/lists/connections.ts";
import { entityPage } from "../../platform/graphql/lists/keyset-page.ts";
import { ascending, descending, type ListOrder, type SortColumn } from "../../platform/graphql/lists/list-order.ts";
import type { Context } from "../../platform/graphql/server/context.ts";
import { searchRules } from "../staff.rules.ts";
import { byName, byUsername } from "../users/user-orders.ts";
import { type JoinedCondition, type JoinedTable, searchCondition } from "./enrollment-search.ts";
import { type EnrollmentFilter, EnrollmentOrder, type EnrollmentsArgs } from "./enrollments.inputs.ts";

/** A page of all enrollments; for VIEWERs. */
export async function listEnrollments(context: Context, args: EnrollmentsArgs): Promise<Page<Enrollment>> {
  const filter = args.filter ?? {};
  const { name, order, tables } = orderOf(args.orderBy ?? EnrollmentOrder.LATEST, filter);
  const request = pageRequest(`allEnrollments:${name}`, args, order);
  parseInput(searchRules, filter, "filter");
  const searched = filter.search ? await searchCondition(context.em, filter.search) : everything;
  const query = {
    from: joined([...tables, ...searched.tables]),
    where: [...conditionsOf(filter), searched.condition],
    order,
  };
  return await entityPage(context.em, request, query, Enrollment);
}

const everything: JoinedCondition = { condition: sql`true`, tables: [] };

const id: SortColumn = { value: sql`enrollments.id`, type: "uuid" };

/** Those by a table that enrollments are joined to walk along that one, and by user or seminar from there. */
export const enrollmentOrders: Record<EnrollmentOrder, { order: ListOrder; tables: JoinedTable[] }> = {
  [EnrollmentOrder.LATEST]: { order: descending(id), tables: [] },
  [EnrollmentOrder.EARLIEST]: { order: ascending(id), tables: [] },
  [EnrollmentOrder.USERNAME_ASC]: { order: ascending(...byUsername, id), tables: ["users"] },
  [EnrollmentOrder.USERNAME_DESC]: { order: descending(...byUsername, id), tables: ["users"] },
  [EnrollmentOrder.NAME_ASC]: { order: ascending(...byName, id), tables: ["users"] },
  [EnrollmentOrder.NAME_DESC]: { order: descending(...byName, id), tables: ["users"] },
  [EnrollmentOrder.SEMINAR_NAME_ASC]: { order: ascending(...bySeminarName, id), tables: ["seminars"] },
  [EnrollmentOrder.SEMINAR_NAME_DESC]: { order: descending(...bySeminarName, id), tables: ["seminars"] },
};

/**
 * The order, its name in cursors, and the tables that it sorts by. What an index has before the ids is sorted by as well,
 * although the filter leaves one value of it: else PostgreSQL may walk all enrollments from the newest on, in the hope that
 * one that fits comes soon, when those that fit are old.
 */
function orderOf(name: EnrollmentOrder, filter: EnrollmentFilter) {
  const { order, tables } = enrollmentOrders[name];
  const [column, value] = tables.length === 0 ? indexedBeforeIds(filter) : [];
  if (!column) return { name, order, tables };
  return { name: `${name}:${value}`, order: { ...order, columns: [column, ...order.columns] }, tables };
}

/** By enrollments_of_seminar or enrollments_without_seat. */
function indexedBeforeIds({ seminarId, status }: EnrollmentFilter): [SortColumn, string] | [] {
  if (seminarId != null && isUuid(seminarId)) return [{ value: sql`enrollments.seminar_id`, type: "uuid" }, seminarId];
  if (status && status !== EnrollmentStatus.ACTIVE) return [{ value: sql`enrollments.status`, type: "text" }, status];
  return [];
}

/** The table of enrollments, joined to these. */
export function joined(tables: readonly JoinedTable[]): RawBuilder<unknown> {
  return sql`enrollments
    ${tables.includes("users") ? sql`join users on users.id = enrollments.user_id` : sql``}
    ${tables.includes("seminars") ? sql`join seminars on seminars.id = enrollments.seminar_id` : sql``}`;
}

/**
 * By `any`, since PostgreSQL takes no notice of an order by what is equal to a constant. That no status is missing after
 * `nullif` is what enrollments_without_seat asks for.
 */
function conditionsOf({ seminarId, userId, role, status }: EnrollmentFilter): RawBuilder<unknown>[] {
  const conditions: RawBuilder<unknown>[] = [];
  if (seminarId != null) conditions.push(isId(sql`enrollments.seminar_id`, seminarId));
  if (userId != null) conditions.push(isId(sql`enrollments.user_id`, userId));
  if (role) conditions.push(sql`enrollments.role = any(${[role]}::text[])`);
  if (status) conditions.push(sql`enrollments.status = any(${[status]}::text[])`);
  if (status && status !== EnrollmentStatus.ACTIVE) {
    conditions.push(sql`nullif(enrollments.status, 'ACTIVE') is not null`);
  }
  return conditions;
}

/** An id that is malformed is one that is unknown: nothing fits. */
function isId(column: RawBuilder<unknown>, value: string): RawBuilder<unknown> {
  return isUuid(value) ? sql`${column} = any(${[value]}::uuid[])` : sql`false`;
}
