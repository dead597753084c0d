import { v7 as uuidv7 } from "uuid";
import { readConfig } from "../../src/config.ts";
import { SessionTokens } from "../../src/platform/auth/session-tokens.ts";
import { GraphqlClient } from "./client.ts";
import type { TestDatabase } from "./database.ts";

type Database = Pick<TestDatabase, "sql">;

/** An accepted participant with a session that every server of the test environment knows. */
export interface Member {
  readonly id: string;
  readonly token: string;
}

/**
 * Variables for a server under a storm whose tests are about who gets a seat: however slow the machine is, nobody is
 * answered OVERLOADED.
 */
export const patience = { POOL_WAIT_MS: "60000", LOCK_TIMEOUT_MS: "60000", STATEMENT_TIMEOUT_MS: "120000" };

/** As many accepted participants as wanted, by two statements. */
export async function makeCrowd(database: Database, count: number): Promise<Member[]> {
  const tokens = new SessionTokens(readConfig({ NODE_ENV: "test" }).sessions.secret);
  const expiresAt = new Date(Date.now() + 3_600_000);
  const claims = Array.from({ length: count }, () => ({ userId: uuidv7(), sessionId: uuidv7() }));
  const userIds = claims.map((claim) => claim.userId);
  await database.sql(
    `insert into users (id, username, email, password_hash, locale, participant_university, participant_accepted, created_at)
     select id, id::text, id || '@example.com', '!', 'EN', '', true, now() from unnest($1::uuid[]) as id`,
    [userIds],
  );
  await database.sql(
    `insert into sessions (id, user_id, created_at, expires_at)
     select id, user_id, now(), $3 from unnest($1::uuid[], $2::uuid[]) as wanted (id, user_id)`,
    [claims.map((claim) => claim.sessionId), userIds, expiresAt],
  );
  return await Promise.all(
    claims.map(async (claim) => ({ id: claim.userId, token: await tokens.sign(claim, expiresAt) })),
  );
}

/** A seminar that can be joined now; its id. */
export async function openSeminar(database: Database, capacity: number): Promise<string> {
  const id = uuidv7();
  await database.sql(
    `insert into seminars (id, name, capacity, session_count, time, online, created_at)
     values ($1, 'A seminar that many want', $2, 6, '18:30', true, now())`,
    [id, capacity],
  );
  return id;
}

/** What one press of the button came to: the result's type, the refusal's code, or the code of a top-level error. */
export type Outcome = string;

/** Presses the button once. */
export async function pressJoin(url: string, member: Member, seminarId: string): Promise<Outcome> {
  const client = new GraphqlClient({ url, token: member.token });
  const { body } = await client.send(
    `mutation Join($input: JoinSeminarInput!) {
      joinSeminar(input: $input) {
        __typename
        ... on JoinSeminarSuccess { enrollment { id } seminar { participantCount } }
        ... on JoinSeminarRefusal { code seminar { participantCount } }
      }
    }`,
    { input: { seminarId } },
  );
  const result = body.data?.joinSeminar;
  return result?.code ?? result?.__typename ?? body.errors?.[0]?.extensions.code ?? "no answer";
}

/** How often each outcome came. */
export function tally(outcomes: readonly Outcome[]): Record<Outcome, number> {
  return Object.fromEntries([...Map.groupBy(outcomes, String)].map(([outcome, all]) => [outcome, all.length]));
}

/** The seminar's counter, and the rows that it counts. */
export async function seatsTaken(database: Database, seminarId: string): Promise<{ counter: number; rows: number }> {
  const [taken] = await database.sql<{ counter: number; rows: number }>(
    `select participant_count as counter, (
       select count(*)::integer from enrollments
       where seminar_id = seminars.id and role = 'PARTICIPANT' and status = 'ACTIVE'
     ) as rows from seminars where id = $1`,
    [seminarId],
  );
  if (!taken) throw new Error("There is no such seminar.");
  return taken;
}
