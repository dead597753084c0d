import type { EntityClass, EntityManager } from "@mikro-orm/postgresql";
import { type RawBuilder, sql } from "kysely";
import { preparedRows } from "../../database/sql/prepared-rows.ts";
import { columnsOf, rowReader, type Snapshot } from "../../database/sql/read-snapshots.ts";
import { selectRows } from "../../database/sql/select-rows.ts";
import { type Page, type PageRequest, toPage } from "./connections.ts";
import { isAfter, keysOf, type ListOrder, orderBy } from "./list-order.ts";
import { countRows } from "./total-count.ts";

/** Which rows a list has, and in which order. */
export interface ListQuery {
  /** The table, and those joined to it. */
  from: RawBuilder<unknown>;
  /** Every condition holds. */
  where: readonly RawBuilder<unknown>[];
  order: ListOrder;
}

/** The page that was asked for, of what `toItem` makes of the columns `select`. */
export async function keysetPage<Row extends object, Item>(
  em: EntityManager,
  request: PageRequest,
  { from, where, order }: ListQuery,
  select: RawBuilder<Row>,
  toItem: (row: Row) => Item,
): Promise<Page<Item>> {
  const matching = sql`from ${from} where ${every(where)}`;
  const after = request.after ? sql`and ${isAfter(order, request.after)}` : sql``;
  // Filters make for many forms, and for plans that depend on what is looked for.
  const rows = await (where.length > 0 ? selectRows : preparedRows)(
    em,
    sql<Row & { keys: string[] }>`select ${select}, ${keysOf(order)} as keys ${matching} ${after}
      order by ${orderBy(order)} limit ${request.limit}`,
  );
  const keyed = rows.map(({ keys, ...row }) => ({ keys, node: toItem(row as unknown as Row) }));
  return toPage(request, keyed, () => countRows(em, matching));
}

/** The page that was asked for, of entities. `from` has their table under its own name. */
export function entityPage<T extends object>(
  em: EntityManager,
  request: PageRequest,
  query: ListQuery,
  entity: EntityClass<T>,
): Promise<Page<Snapshot<T>>> {
  return keysetPage(em, request, query, columnsOf(em, entity), rowReader(em, entity));
}

function every(conditions: readonly RawBuilder<unknown>[]): RawBuilder<unknown> {
  return conditions.length > 0
    ? sql.join(
        conditions.map((one) => sql`(${one})`),
        sql` and `,
      )
    : sql`true`;
}
