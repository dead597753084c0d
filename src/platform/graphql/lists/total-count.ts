import type { EntityManager } from "@mikro-orm/postgresql";
import { type RawBuilder, sql } from "kysely";
import { selectRows } from "../../database/sql/select-rows.ts";

/** Up to this many rows are counted one by one. */
export const exactCountLimit = 10_000;

/**
 * How many rows there are: exactly, or, when there are more than `exactCountLimit`, as many as the database expects, for
 * counting them all would cost more than anybody gains by it.
 * @param rows `from ... where ...`
 */
export async function countRows(em: EntityManager, rows: RawBuilder<unknown>): Promise<number> {
  const [counted] = await selectRows(
    em,
    sql<{ count: string }>`select count(*) from (select ${rows} limit ${exactCountLimit + 1}) as counted`,
  );
  const count = Number(counted?.count);
  if (count <= exactCountLimit) return count;
  const [explained] = await selectRows(em, sql<Explained>`explain (format json) select ${rows}`);
  return Math.max(explained?.["QUERY PLAN"][0].Plan["Plan Rows"] ?? 0, exactCountLimit + 1);
}

interface Explained {
  "QUERY PLAN": [{ Plan: { "Plan Rows": number } }];
}
