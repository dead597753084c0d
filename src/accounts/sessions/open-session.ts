import type { EntityManager } from "@mikro-orm/postgresql";
import { v7 as uuidv7 } from "uuid";
import type { Context, Services } from "../../platform/graphql/server/context.ts";
import { IssuedSession } from "../account.results.ts";
import type { User } from "../users/user.entity.ts";
import { Session } from "./session.entity.ts";

const dayMs = 24 * 60 * 60 * 1000;

/** What a session is issued with. */
interface Issuing {
  services: Pick<Services, "sessionTokens"> & { settings: Pick<Services["settings"], "sessionDays"> };
}

/** A new session, which is stored with the transaction of `em`, and its signed token. */
export async function openSession(
  { services: { sessionTokens, settings } }: Issuing,
  em: EntityManager,
  user: User,
): Promise<IssuedSession> {
  const createdAt = new Date();
  // A token's expiry has whole seconds; the session's is the same instant.
  const expiresAt = new Date(Math.floor((createdAt.getTime() + settings.sessionDays * dayMs) / 1000) * 1000);
  const session = em.create(Session, { id: uuidv7(), user, createdAt, expiresAt, endedAt: null });
  const claims = { sessionId: session.id, userId: user.id };
  return new IssuedSession(await sessionTokens.sign(claims, expiresAt), expiresAt, claims);
}

/** The rest of the operation is seen as the one who has just been signed up or logged in (A5). */
export function continueAs(context: Context, user: User, session: IssuedSession): void {
  context.viewer = user;
  context.claims = session.claims;
}
