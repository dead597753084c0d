import { setTimeout as delay } from "node:timers/promises";
import { hashPassword, isOutdatedHash, pretendToVerify, verifyPassword } from "../platform/auth/passwords.ts";
import type { Context } from "../platform/graphql/context.ts";
import { parseInput } from "../platform/graphql/input-rules.ts";
import type { LogInInput } from "./account.inputs.ts";
import { LogInRefusal, LogInRefusalCode, LogInSuccess } from "./account.results.ts";
import { logInRules } from "./account.rules.ts";
import { findUserByLogin } from "./find-user.ts";
import { openSession } from "./open-session.ts";
import { User } from "./user.entity.ts";

/** A refused log-in is answered this long after it came, or a whole multiple of it, whatever was wrong with it (A4). */
const refusalStepMs = 500;

/** Opens a session for who knows the password. Every way to be refused looks the same from outside (A4). */
export async function logIn(context: Context, input: LogInInput): Promise<LogInSuccess | LogInRefusal> {
  const arrivedAt = performance.now();
  const { login, password } = parseInput(logInRules, input);
  const attempt = await context.services.limits.logIn(context.address, login);

  const user = await verifiedUser(context, login, password);
  if (!user) {
    await attempt.failed();
    const elapsedMs = performance.now() - arrivedAt;
    await delay(Math.ceil(elapsedMs / refusalStepMs) * refusalStepMs - elapsedMs);
    return new LogInRefusal(LogInRefusalCode.WRONG_CREDENTIALS);
  }
  await attempt.succeeded();
  const session = await context.transaction((em) => openSession(context, em, user));
  context.viewer = user;
  return new LogInSuccess(user, session);
}

async function verifiedUser(context: Context, login: string, password: string): Promise<User | null> {
  const user = await findUserByLogin(context.em, login);
  if (!user) {
    await pretendToVerify(password);
    return null;
  }
  await context.em.populate(user, ["passwordHash"]);
  const verified = await verifyPassword(user.passwordHash, password);
  if (!verified || !user.active) return null;
  if (isOutdatedHash(user.passwordHash)) await replaceHash(context, user, password);
  return user;
}

/** Brings an old hash, such as one that came from Django, up to date; unless the password was changed meanwhile. */
async function replaceHash(context: Context, user: User, password: string): Promise<void> {
  const passwordHash = await hashPassword(password);
  await context.em.nativeUpdate(User, { id: user.id, passwordHash: user.passwordHash }, { passwordHash });
}
