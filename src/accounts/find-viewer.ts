import type { EntityManager } from "@mikro-orm/postgresql";
import type { SessionClaims } from "../platform/auth/session-tokens.ts";
import { Session } from "./session.entity.ts";
import type { User } from "./user.entity.ts";

/**
 * The user of a session that goes on; null when it was ended, has expired, or the user is not active. `unknown` when
 * the server that was asked does not have the session: a replica that is behind.
 */
export async function findViewer(em: EntityManager, claims: SessionClaims): Promise<User | null | "unknown"> {
  const session = await em.findOne(Session, { id: claims.sessionId }, { populate: ["user"] });
  if (!session) return "unknown";
  const goesOn = session.endedAt === null && session.expiresAt > new Date() && session.user.active;
  return goesOn ? session.user : null;
}
