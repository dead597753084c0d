import { type RawBuilder, sql } from "kysely";
import { parseInput } from "../platform/graphql/input/input-rules.ts";
import { type Page, pageRequest } from "../platform/graphql/lists/connections.ts";
import { entityPage } from "../platform/graphql/lists/keyset-page.ts";
import type { Context } from "../platform/graphql/server/context.ts";
import { Seminar } from "./seminar.entity.ts";
import { type SeminarFilter, SeminarOrder, type SeminarsArgs } from "./seminar.inputs.ts";
import { seminarFilterRules } from "./seminar.rules.ts";
import { seminarOrders } from "./seminar-orders.ts";
import { isSeminarWith } from "./seminar-search.ts";

/** A page of the catalogue. */
export async function listSeminars(context: Context, args: SeminarsArgs): Promise<Page<Seminar>> {
  const name = args.orderBy ?? SeminarOrder.LATEST;
  const order = seminarOrders[name];
  const request = pageRequest(`seminars:${name}`, args, order);
  parseInput(seminarFilterRules, args.filter ?? {}, "filter");
  const query = { from: sql`seminars`, where: conditionsOf(args.filter ?? {}), order };
  return await entityPage(context.em, request, query, Seminar);
}

function conditionsOf({ nameContains, online, status, hasFreeSeats }: SeminarFilter): RawBuilder<unknown>[] {
  const conditions: RawBuilder<unknown>[] = [];
  if (nameContains) conditions.push(isSeminarWith(nameContains));
  if (online != null) conditions.push(sql`seminars.online = ${online}`);
  if (status) conditions.push(sql`seminars.status = ${status}`);
  if (hasFreeSeats != null) conditions.push(sql`(participant_count < capacity) = ${hasFreeSeats}`);
  return conditions;
}
