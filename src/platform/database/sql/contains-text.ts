import { type RawBuilder, sql } from "kysely";

/**
 * The condition that `part` is a part of a text: literally, whatever the case, by a trigram index.
 * @param form the text as the SQL function search_form gives it: the expression that is indexed
 */
export function containsText(form: RawBuilder<unknown>, part: string): RawBuilder<unknown> {
  return sql`${form} like search_pattern(${part})`;
}
