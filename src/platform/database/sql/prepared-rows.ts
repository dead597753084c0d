import type { EntityManager } from "@mikro-orm/postgresql";
import { type RawBuilder, sql } from "kysely";
import { selectRows } from "./select-rows.ts";

/** The ORM's driver has no other place for it. */
const mark = "/* prepared */ ";

/**
 * As `selectRows`, for a statement that is sent again and again: each connection parses it once, and PostgreSQL plans it
 * once where that is as good as planning it for the values at hand. Its text must not depend on what clients send, beyond
 * a handful of forms, since every form is kept; and it names its columns, since `*` means something else after a migration.
 */
export function preparedRows<Row>(em: EntityManager, statement: RawBuilder<Row>): Promise<Row[]> {
  return selectRows(em, sql<Row>`${sql.raw(mark)}${statement}`);
}

const names = new Map<string, string>();

/** Under which name a connection prepares this statement; undefined: it does not. */
export function preparedName(statement: string): string | undefined {
  if (!statement.startsWith(mark)) return undefined;
  const name = names.get(statement) ?? `prepared_${names.size + 1}`;
  names.set(statement, name);
  return name;
}
