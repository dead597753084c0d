import type { EntityManager } from "@mikro-orm/postgresql";
import { type RawBuilder, sql } from "kysely";
import { isUserWith } from "../../accounts/users/user-search.ts";
import { isSeminarWith } from "../../catalogue/seminar-search.ts";
import { selectRows } from "../../platform/database/sql/select-rows.ts";

/** A table that enrollments are joined to. */
export type JoinedTable = "users" | "seminars";

/** A condition on enrollments, and the tables that it speaks of besides. */
export interface JoinedCondition {
  condition: RawBuilder<unknown>;
  tables: JoinedTable[];
}

/**
 * Up to this many people, or seminars, their enrollments are looked up by their ids. When a text fits more than these of a
 * million people, about every thousandth enrollment fits too, and a walk in the order of the list soon has a page.
 */
const fewAtMost = 1_000;

/**
 * The condition that `part` is a part of what an enrollment's person or seminar is called. Which plan is good for it depends
 * on how many people and seminars that fits, across two tables and an `or`: more than PostgreSQL can estimate. So these are
 * looked for first.
 */
export async function searchCondition(em: EntityManager, part: string): Promise<JoinedCondition> {
  const [found] = await selectRows(
    em,
    sql<{ users: string[]; seminars: string[] }>`select
      array(select id from users where ${isUserWith(part)} limit ${fewAtMost + 1}) as users,
      array(select id from seminars where ${isSeminarWith(part)} limit ${fewAtMost + 1}) as seminars`,
  );
  const conditions = [
    isOneOf("users", sql`enrollments.user_id`, found?.users ?? [], isUserWith(part)),
    isOneOf("seminars", sql`enrollments.seminar_id`, found?.seminars ?? [], isSeminarWith(part)),
  ].filter((one) => one !== null);
  if (conditions.length === 0) return { condition: sql`false`, tables: [] };
  return {
    condition: sql.join(
      conditions.map(({ condition }) => condition),
      sql` or `,
    ),
    tables: conditions.flatMap(({ tables }) => tables),
  };
}

/** Null: the text fits none, and an `or` less lets PostgreSQL look at each person once instead of once for each enrollment. */
function isOneOf(
  table: JoinedTable,
  column: RawBuilder<unknown>,
  ids: string[],
  fits: RawBuilder<unknown>,
): JoinedCondition | null {
  if (ids.length === 0) return null;
  if (ids.length > fewAtMost) return { condition: fits, tables: [table] };
  return { condition: sql`${column} = any(${ids}::uuid[])`, tables: [] };
}
