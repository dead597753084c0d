import { type RawBuilder, sql } from "kysely";

/**
 * SQL: whether somebody is a participant who may have a seat (J4, J5). Nobody can lose a profile, so acceptance is all
 * that can change.
 * @param users the name of the table `users` in the statement
 */
export function isAcceptedParticipant(users: string): RawBuilder<boolean> {
  return sql`(${sql.ref(`${users}.participant_accepted`)} is true)`;
}

/** SQL: whether somebody on a waiting list may get a seat now (J4-J7); J7 concerns instructors, who never wait. */
export function mayBePromoted(users: string): RawBuilder<boolean> {
  return sql`(${isAcceptedParticipant(users)} and ${sql.ref(`${users}.active`)})`;
}
