import { sql } from "kysely";
import type { Context } from "../../platform/graphql/server/context.ts";
import { endSessions } from "./end-sessions.ts";

/** Ends the session that it is called with. False when there is none, or when it has ended already (A4). */
export async function logOut(context: Context): Promise<boolean> {
  const { viewer, claims } = context;
  if (!viewer || !claims) return false;
  const ended = await context.transaction((em) => endSessions(em, sql`id = ${claims.sessionId}`));
  context.afterCommit(() => context.services.endedSessions.add(ended));
  context.viewer = null;
  return ended.length > 0;
}
