import { type FilterQuery, raw } from "@mikro-orm/postgresql";
import { type Page, pageById, pageRequest } from "../platform/graphql/connections.ts";
import type { Context } from "../platform/graphql/context.ts";
import { isUuid } from "../platform/graphql/ids.ts";
import { parseInput } from "../platform/graphql/input-rules.ts";
import { Seminar } from "./seminar.entity.ts";
import { type SeminarFilter, SeminarOrder, type SeminarsArgs } from "./seminar.inputs.ts";
import { seminarFilterRules } from "./seminar.rules.ts";

/** A page of the catalogue, in the order of the primary key: UUIDv7 ids sort by the time when they were made. */
export async function listSeminars(context: Context, args: SeminarsArgs): Promise<Page<Seminar>> {
  const order = args.orderBy ?? SeminarOrder.LATEST;
  const request = pageRequest(`seminars:${order}`, args, isUuid);
  parseInput(seminarFilterRules, args.filter ?? {}, "filter");
  return await pageById(
    context.em,
    Seminar,
    request,
    conditionsOf(args.filter ?? {}),
    order === SeminarOrder.EARLIEST ? "asc" : "desc",
  );
}

function conditionsOf(filter: SeminarFilter): FilterQuery<Seminar> {
  const conditions: FilterQuery<Seminar>[] = [];
  if (filter.nameContains) conditions.push({ name: { $ilike: `%${escapeLike(filter.nameContains)}%` } });
  if (filter.online != null) conditions.push({ online: filter.online });
  if (filter.status) conditions.push({ status: filter.status });
  if (filter.hasFreeSeats != null) {
    conditions.push({ [raw("(participant_count < capacity)")]: filter.hasFreeSeats } as FilterQuery<Seminar>);
  }
  return conditions.length > 0 ? { $and: conditions } : {};
}

/** The text as a pattern of `like` that means itself. */
function escapeLike(text: string): string {
  return text.replaceAll(/[\\%_]/g, "\\$&");
}
