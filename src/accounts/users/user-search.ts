import { type RawBuilder, sql } from "kysely";
import { containsText } from "../../platform/database/sql/contains-text.ts";

/** Stands between the fields of a user's search text. */
const separator = "\u001f";

/** The condition on users that the text is a part of the username, the e-mail address or the names. By users_search. */
export function isUserWith(part: string): RawBuilder<unknown> {
  // Names are stored in this form of Unicode; a text from elsewhere may come in another.
  return part.includes(separator) ? sql`false` : containsText(sql`users.search_text`, part.normalize("NFC"));
}
