import { type EntityManager, LockMode } from "@mikro-orm/postgresql";
import { sql } from "kysely";
import type { z } from "zod";
import { auditEntry } from "../platform/audit/write-audit-entry.job.ts";
import { hashPassword, verifyPassword } from "../platform/auth/passwords.ts";
import { requireViewer } from "../platform/auth/require-viewer.ts";
import { badUserInput } from "../platform/graphql/errors/errors.ts";
import { parseInput } from "../platform/graphql/input/input-rules.ts";
import type { Context } from "../platform/graphql/server/context.ts";
import { enqueue } from "../platform/jobs/enqueue.ts";
import type { UpdateViewerInput } from "./account.inputs.ts";
import { UpdateViewerRefusal, UpdateViewerRefusalCode, UpdateViewerSuccess } from "./account.results.ts";
import { missingName, missingProfileText, namesFaultText, updateViewerRules } from "./account.rules.ts";
import { endSessions } from "./sessions/end-sessions.ts";
import { findUserByEmail, findUserByUsername } from "./users/find-user.ts";
import { User, userChanges } from "./users/user.entity.ts";

/** That the password was changed, and no more. */
const masked = ["***", "***"] as const;

type Changes = z.output<typeof updateViewerRules>;

/** Changes the viewer's own account; the password and the e-mail address only for who knows the current password (A4). */
export async function updateViewer(
  context: Context,
  input: UpdateViewerInput,
): Promise<UpdateViewerSuccess | UpdateViewerRefusal> {
  const viewer = requireViewer(context);
  const changes = parseInput(updateViewerRules, input);
  const verifiedHash = await verifyCurrentPassword(context, viewer.id, changes);
  if (verifiedHash === false) return new UpdateViewerRefusal(UpdateViewerRefusalCode.WRONG_PASSWORD);
  const newHash = changes.password === undefined ? undefined : await hashPassword(changes.password);

  let endedSessions: string[] = [];
  const result = await context.transaction(async (em) => {
    // An attempt that is repeated has ended none.
    endedSessions = [];
    const user = await em.findOneOrFail(
      User,
      { id: viewer.id },
      { lockMode: LockMode.PESSIMISTIC_WRITE, populate: ["passwordHash"] },
    );
    if (verifiedHash && user.passwordHash !== verifiedHash) {
      return new UpdateViewerRefusal(UpdateViewerRefusalCode.WRONG_PASSWORD);
    }
    const taken = await whatIsTaken(em, user, changes);
    if (taken) return new UpdateViewerRefusal(taken);
    const before = { ...user };
    applyChanges(user, changes);
    if (newHash) {
      user.passwordHash = newHash;
      endedSessions = await endSessions(
        em,
        sql`user_id = ${user.id} and id <> ${context.claims?.sessionId ?? user.id}`,
      );
    }
    const changed = { ...userChanges(before, user), ...(newHash && { password: masked }) };
    if (Object.keys(changed).length > 0) {
      await enqueue(em, auditEntry(context, "updateViewer", "User", user.id, changed));
    }
    return new UpdateViewerSuccess(user);
  });
  context.afterCommit(() => context.services.endedSessions.add(endedSessions));
  if (result instanceof UpdateViewerSuccess) context.viewer = result.user;
  return result;
}

/** The hash that `currentPassword` fits; null when it is not needed; false when it is wrong. */
async function verifyCurrentPassword(
  context: Context,
  userId: string,
  changes: Changes,
): Promise<string | null | false> {
  if (changes.password === undefined && changes.email === undefined) return null;
  const attempt = await context.services.limits.logIn(context.address, userId);
  const user = await context.em.findOneOrFail(User, { id: userId }, { populate: ["passwordHash"] });
  if (!(await verifyPassword(user.passwordHash, changes.currentPassword ?? ""))) {
    await attempt.failed();
    return false;
  }
  await attempt.succeeded();
  return user.passwordHash;
}

async function whatIsTaken(em: EntityManager, user: User, changes: Changes): Promise<UpdateViewerRefusalCode | null> {
  const sameUsername = changes.username !== undefined && (await findUserByUsername(em, changes.username));
  if (sameUsername && sameUsername.id !== user.id) return UpdateViewerRefusalCode.USERNAME_TAKEN;
  const sameEmail = changes.email !== undefined && (await findUserByEmail(em, changes.email));
  if (sameEmail && sameEmail.id !== user.id) return UpdateViewerRefusalCode.EMAIL_TAKEN;
  return null;
}

function applyChanges(user: User, changes: Changes): void {
  if (changes.username !== undefined) user.username = changes.username;
  if (changes.email !== undefined) user.email = changes.email;
  if (changes.locale !== undefined) user.locale = changes.locale;
  if (changes.firstName !== undefined) user.firstName = changes.firstName;
  if (changes.lastName !== undefined) user.lastName = changes.lastName;
  const missing = missingName(user);
  if (missing) throw badUserInput([{ path: ["input", missing], text: namesFaultText }]);
  applyProfiles(user, changes);
}

function applyProfiles(user: User, { participant, instructor }: Changes): void {
  if (participant) {
    if (user.participantUniversity === null) throw profileMissing("participant");
    if (participant.university !== undefined) user.participantUniversity = participant.university ?? "";
  }
  if (instructor) {
    if (user.instructorCompany === null) throw profileMissing("instructor");
    if (instructor.company !== undefined) user.instructorCompany = instructor.company ?? "";
    if (instructor.careerYears !== undefined) user.instructorCareerYears = instructor.careerYears;
  }
}

function profileMissing(name: "participant" | "instructor") {
  return badUserInput([{ path: ["input", name], text: missingProfileText }]);
}
