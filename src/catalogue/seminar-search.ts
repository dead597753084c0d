import { type RawBuilder, sql } from "kysely";
import { containsText } from "../platform/database/sql/contains-text.ts";

/** The condition on seminars that the text is a part of the name. By seminars_search. */
export function isSeminarWith(part: string): RawBuilder<unknown> {
  return containsText(sql`search_form(seminars.name)`, part);
}
