import type { EntityManager } from "@mikro-orm/postgresql";
import { sql } from "kysely";
import type { SessionClaims } from "../platform/auth/session-tokens.ts";
import { selectRows } from "../platform/database/select-rows.ts";
import type { Viewer } from "../platform/graphql/context.ts";

/**
 * The user of a session that goes on; null when it was ended, has expired, or the user is not active. `unknown` when
 * the server that was asked does not have the session: a replica that is behind. Every operation of somebody who is
 * logged in begins with this one statement.
 */
export async function findViewer(em: EntityManager, claims: SessionClaims): Promise<Viewer | null | "unknown"> {
  const [session] = await selectRows(
    em,
    sql<Viewer & { goesOn: boolean }>`select users.id, locale, staff_role as "staffRole",
        ended_at is null and expires_at > now() and active as "goesOn"
      from sessions join users on users.id = user_id
      where sessions.id = ${claims.sessionId}`,
  );
  if (!session) return "unknown";
  const { goesOn, ...viewer } = session;
  return goesOn ? viewer : null;
}
