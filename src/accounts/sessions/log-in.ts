import { setTimeout as delay } from "node:timers/promises";
import { LockMode } from "@mikro-orm/postgresql";
import { hashPassword, isOutdatedHash, pretendToVerify, verifyPassword } from "../../platform/auth/passwords.ts";
import { parseInput } from "../../platform/graphql/input/input-rules.ts";
import type { Context } from "../../platform/graphql/server/context.ts";
import type { LogInInput } from "../account.inputs.ts";
import { LogInRefusal, LogInRefusalCode, LogInSuccess } from "../account.results.ts";
import { logInRules } from "../account.rules.ts";
import { findUserByLogin } from "../users/find-user.ts";
import { User } from "../users/user.entity.ts";
import { continueAs, openSession } from "./open-session.ts";

/** A log-in that fails is answered this long after it came, or a whole multiple of it, whatever was wrong with it (A4). */
const failureStepMs = 500;

/** Opens a session for who knows the password. Every way to be refused looks the same from outside (A4). */
export async function logIn(context: Context, input: LogInInput): Promise<LogInSuccess | LogInRefusal> {
  const arrivedAt = performance.now();
  const { login, password } = parseInput(logInRules, input);
  const attempt = await context.services.limits.logIn(context.address, login);

  const user = await verifiedUser(context, login, password);
  try {
    await (user ? attempt.succeeded() : attempt.failed());
  } catch (limited) {
    await untilNextStep(arrivedAt);
    throw limited;
  }
  if (!user) {
    await untilNextStep(arrivedAt);
    return new LogInRefusal(LogInRefusalCode.WRONG_CREDENTIALS);
  }
  const success = await openSessionOf(context, user, password);
  if (!success) return new LogInRefusal(LogInRefusalCode.WRONG_CREDENTIALS);
  continueAs(context, success.user, success.session);
  const { id: viewerId, staffRole } = success.user;
  if (staffRole) context.log.info({ viewerId, staffRole }, "staff logged in");
  return success;
}

/**
 * Locks the user's row, so that a change of the password or a deactivation comes before this session, which then is not
 * opened, or after it, and ends it. An old hash, such as one that came from Django, is brought up to date; when another
 * log-in has done so meanwhile, the password is verified anew.
 */
async function openSessionOf(context: Context, verified: User, password: string): Promise<LogInSuccess | null> {
  const newHash = isOutdatedHash(verified.passwordHash) ? await hashPassword(password) : null;
  return await context.transaction(async (em) => {
    const user = await em.findOne(
      User,
      { id: verified.id, active: true },
      { lockMode: LockMode.PESSIMISTIC_WRITE, populate: ["passwordHash"] },
    );
    if (!user) return null;
    const isUnchanged = user.passwordHash === verified.passwordHash;
    if (!isUnchanged && !(await verifyPassword(user.passwordHash, password))) return null;
    if (isUnchanged && newHash) user.passwordHash = newHash;
    return new LogInSuccess(user, await openSession(context, em, user));
  });
}

async function untilNextStep(arrivedAt: number): Promise<void> {
  const elapsedMs = performance.now() - arrivedAt;
  await delay(Math.ceil(elapsedMs / failureStepMs) * failureStepMs - elapsedMs);
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
  return user;
}
