import { v7 as uuidv7 } from "uuid";
import { SessionTokens } from "../../src/platform/auth/session-tokens.ts";
import type { Database } from "../processes/database.ts";

/** Somebody who is logged in. */
export interface Person {
  readonly id: string;
  readonly token: string;
}

/** A session that is to be known to a server which keeps its sessions. */
export interface IssuedSession {
  readonly id: string;
  readonly userId: string;
  readonly expiresAt: Date;
}

const lifeMs = 24 * 3_600_000;

/** Columns that a table has beside the common ones, each with the SQL expression that fills it. */
export type ExtraColumns = Readonly<Record<string, string>>;

/** Inserts new users and gives their ids. */
export async function insertUsers(database: Database, count: number, extra: ExtraColumns): Promise<string[]> {
  const ids = Array.from({ length: count }, () => uuidv7());
  await database.sql(
    `insert into users (${["id", "username", "email", ...Object.keys(extra)]})
     select ${["id", "id::text", "id || '@example.com'", ...Object.values(extra)]} from unnest($1::uuid[]) as id`,
    [ids],
  );
  return ids;
}

/** Signs a token for each user as the server does. No password is hashed and no request is sent for it. */
export async function logIn(
  secret: string,
  userIds: readonly string[],
  store: (sessions: readonly IssuedSession[]) => Promise<void> = async () => {},
): Promise<Person[]> {
  const tokens = new SessionTokens(secret);
  // A token's expiry has whole seconds.
  const expiresAt = new Date(Math.floor((Date.now() + lifeMs) / 1000) * 1000);
  const sessions = userIds.map((userId) => ({ id: uuidv7(), userId, expiresAt }));
  await store(sessions);
  return await Promise.all(
    sessions.map(async ({ id, userId }) => ({
      id: userId,
      token: await tokens.sign({ sessionId: id, userId }, expiresAt),
    })),
  );
}

/** Keeps sessions as this server does. */
export async function storeSessions(database: Database, sessions: readonly IssuedSession[]): Promise<void> {
  await database.sql(
    `insert into sessions (id, user_id, created_at, expires_at)
     select id, user_id, now(), $3 from unnest($1::uuid[], $2::uuid[]) as issued (id, user_id)`,
    [sessions.map(({ id }) => id), sessions.map(({ userId }) => userId), sessions[0]?.expiresAt],
  );
}
