import { type RawBuilder, sql } from "kysely";

/**
 * A text column that is to be looked at in rows which another condition finds. `status = 'WAITLISTED'` is an invitation to
 * read the whole index of those who wait, which PostgreSQL accepts when it believes that they are few, as it does for a
 * while after everybody came; by this it cannot tell that such an index would do.
 */
export function asFilter(column: string): RawBuilder<string> {
  return sql`nullif(${sql.ref(column)}, '')`;
}
