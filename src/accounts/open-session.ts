import type { EntityManager } from "@mikro-orm/postgresql";
import { v7 as uuidv7 } from "uuid";
import type { Context } from "../platform/graphql/context.ts";
import { IssuedSession } from "./account.results.ts";
import { Session } from "./session.entity.ts";
import type { User } from "./user.entity.ts";

const dayMs = 24 * 60 * 60 * 1000;

/** Logs the user in: a new session, which is stored with the transaction of `em`, and its signed token. */
export async function openSession(context: Context, em: EntityManager, user: User): Promise<IssuedSession> {
  const { sessionTokens, settings } = context.services;
  const createdAt = new Date();
  // A token's expiry has whole seconds; the session's is the same instant.
  const expiresAt = new Date(Math.floor((createdAt.getTime() + settings.sessionDays * dayMs) / 1000) * 1000);
  const session = em.create(Session, { id: uuidv7(), user, createdAt, expiresAt, endedAt: null });
  const token = await sessionTokens.sign({ sessionId: session.id, userId: user.id }, expiresAt);
  return new IssuedSession(token, expiresAt);
}
