import type { Context } from "../platform/graphql/context.ts";
import { Session } from "./session.entity.ts";

/** Ends the session that it is called with. False when there is none, or when it has ended already (A4). */
export async function logOut(context: Context): Promise<boolean> {
  if (!context.viewer || !context.claims) return false;
  const ended = await context.em.nativeUpdate(
    Session,
    { id: context.claims.sessionId, endedAt: null },
    { endedAt: new Date() },
  );
  context.viewer = null;
  return ended > 0;
}
