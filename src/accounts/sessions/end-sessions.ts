import type { EntityManager } from "@mikro-orm/postgresql";
import { type RawBuilder, sql } from "kysely";
import { selectRows } from "../../platform/database/sql/select-rows.ts";

/**
 * Ends the sessions that go on and fit the condition.
 * @returns their ids, for `EndedSessions` to be told after the commit.
 */
export async function endSessions(em: EntityManager, condition: RawBuilder<unknown>): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`update sessions set ended_at = clock_timestamp()
    where ended_at is null and ${condition} returning id`.execute(em.getKysely());
  return rows.map((row) => row.id);
}

/** The ids of the sessions that ended within the last minute, by index sessions_ended. */
export async function recentlyEndedSessions(em: EntityManager): Promise<string[]> {
  const rows = await selectRows(
    em,
    sql<{ id: string }>`select id from sessions where ended_at > now() - interval '1 minute'`,
  );
  return rows.map((row) => row.id);
}
