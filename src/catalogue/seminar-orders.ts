import { sql } from "kysely";
import {
  ascending,
  descending,
  type ListOrder,
  type SortColumn,
  sortText,
} from "../platform/graphql/lists/list-order.ts";
import { SeminarOrder } from "./seminar.inputs.ts";

/** UUIDv7 ids sort by the time when they were made. */
const id: SortColumn = { value: sql`seminars.id`, type: "uuid" };

/** By seminars_by_name. */
export const bySeminarName: SortColumn[] = [{ value: sortText(sql`seminars.name`), type: "text" }, id];

/** By seminars_by_start; those that do not say when they start come after the others. */
const byStart: SortColumn[] = [{ value: sql`coalesce(seminars.starts_on, 'infinity')`, type: "date" }, id];

/** By seminars_by_capacity. */
const byCapacity: SortColumn[] = [{ value: sql`seminars.capacity`, type: "integer" }, id];

export const seminarOrders: Record<SeminarOrder, ListOrder> = {
  [SeminarOrder.LATEST]: descending(id),
  [SeminarOrder.EARLIEST]: ascending(id),
  [SeminarOrder.NAME_ASC]: ascending(...bySeminarName),
  [SeminarOrder.NAME_DESC]: descending(...bySeminarName),
  [SeminarOrder.STARTS_ON_ASC]: ascending(...byStart),
  [SeminarOrder.STARTS_ON_DESC]: descending(...byStart),
  [SeminarOrder.CAPACITY_ASC]: ascending(...byCapacity),
  [SeminarOrder.CAPACITY_DESC]: descending(...byCapacity),
};
