import { sql } from "kysely";
import {
  ascending,
  descending,
  type ListOrder,
  type SortColumn,
  sortTextOrNone,
} from "../../platform/graphql/lists/list-order.ts";
import { UserOrder } from "./users.inputs.ts";

const id: SortColumn = { value: sql`users.id`, type: "uuid" };

/** By users_username. It is unique, and of letters that sort alike everywhere. */
export const byUsername: SortColumn[] = [{ value: sql`lower(users.username)`, type: "text" }];

/** By users_email, which is unique. */
const byEmail: SortColumn[] = [{ value: sql`lower(users.email)`, type: "text" }];

/** By users_by_name. */
export const byName: SortColumn[] = [
  { value: sortTextOrNone(sql`users.last_name`), type: "text" },
  { value: sortTextOrNone(sql`users.first_name`), type: "text" },
  id,
];

export const userOrders: Record<UserOrder, ListOrder> = {
  [UserOrder.LATEST]: descending(id),
  [UserOrder.EARLIEST]: ascending(id),
  [UserOrder.USERNAME_ASC]: ascending(...byUsername),
  [UserOrder.USERNAME_DESC]: descending(...byUsername),
  [UserOrder.EMAIL_ASC]: ascending(...byEmail),
  [UserOrder.EMAIL_DESC]: descending(...byEmail),
  [UserOrder.NAME_ASC]: ascending(...byName),
  [UserOrder.NAME_DESC]: descending(...byName),
};
