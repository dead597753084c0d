import type { EntityManager } from "@mikro-orm/postgresql";
import { sql } from "kysely";
import type { SessionClaims } from "../../platform/auth/session-tokens.ts";
import type { BatchedRead } from "../../platform/batching/batched-operations.ts";
import { preparedRows } from "../../platform/database/sql/prepared-rows.ts";
import type { Viewer } from "../../platform/graphql/server/context.ts";

/**
 * The users of sessions that go on; null for one that was ended, has expired, or whose user is not active. `unknown`
 * when the server that was asked does not have the session: a replica that is behind. Every operation of somebody who is
 * logged in begins with this, unless it is answered from the answer of another one; those that begin at the same moment
 * share a statement.
 */
export const viewersOfSessions: BatchedRead<SessionClaims, Viewer | null | "unknown"> = {
  name: "viewersOfSessions",
  async run(em, claims) {
    const rows = await selectSessions(
      em,
      claims.map(({ sessionId }) => sessionId),
    );
    const sessions = new Map(rows.map((row) => [row.sessionId, row]));
    return claims.map(({ sessionId }) => {
      const session = sessions.get(sessionId);
      if (!session) return "unknown";
      const { id, locale, staffRole } = session;
      return session.goesOn ? { id, locale, staffRole } : null;
    });
  },
};

function selectSessions(em: EntityManager, sessionIds: readonly string[]) {
  return preparedRows(
    em,
    sql<Viewer & { sessionId: string; goesOn: boolean }>`select sessions.id as "sessionId", users.id, locale,
        staff_role as "staffRole", ended_at is null and expires_at > now() and active as "goesOn"
      from sessions join users on users.id = user_id
      where sessions.id = any(${sessionIds}::uuid[])`,
  );
}
