import { type EntityManager, LockMode } from "@mikro-orm/postgresql";
import { sql } from "kysely";
import { endSessions } from "../../accounts/sessions/end-sessions.ts";
import { lockUsers } from "../../accounts/users/lock-users.ts";
import { Seminar } from "../../catalogue/seminar.entity.ts";
import { dropAll } from "../../enrollment/joining/drop-all.ts";
import { findWaiting } from "../../enrollment/waiting-list/find-waitlisted.ts";
import { promotionOf } from "../../enrollment/waiting-list/promote-waiting-list.job.ts";
import { auditEntry } from "../../platform/audit/write-audit-entry.job.ts";
import { changedMeanwhile } from "../../platform/database/database-errors.ts";
import { isUuid } from "../../platform/graphql/input/ids.ts";
import { parseInput } from "../../platform/graphql/input/input-rules.ts";
import type { Context } from "../../platform/graphql/server/context.ts";
import type { JobSpec } from "../../platform/jobs/define-job.ts";
import { enqueue } from "../../platform/jobs/enqueue.ts";
import { BulkRefusalCode, type BulkResult } from "../bulk.results.ts";
import { chunksOf, inChunks, type Outcome } from "../bulk.ts";
import { userIdsRules } from "../staff.rules.ts";
import { lockWithAdmins } from "./lock-with-admins.ts";
import type { SetUsersActiveInput } from "./people.inputs.ts";

/**
 * Deactivates users or activates them again. Who is deactivated keeps seats and enrollments, leaves the waiting lists, and
 * has no session any more; the last active ADMIN stays.
 */
export async function setUsersActive(context: Context, { userIds, active }: SetUsersActiveInput): Promise<BulkResult> {
  parseInput(userIdsRules, { userIds });
  if (active) return await inChunks(userIds, chunksOf(userIds), (chunk) => activate(context, chunk));
  const chunks = await chunksByWaiting(context, userIds);
  const result = await inChunks(userIds, chunks, (chunk) => deactivate(context, chunk));
  if (context.viewer && result.succeededIds.includes(context.viewer.id)) context.viewer = null;
  return result;
}

async function activate(context: Context, chunk: readonly string[]): Promise<Outcome[]> {
  return await context.transaction(async (em) => {
    const users = new Map((await lockUsers(em, sql`id = any(${chunk}::uuid[])`)).map((user) => [user.id, user]));
    const returning = [...users.values()].filter((user) => !user.active);
    for (const user of returning) user.active = true;
    await enqueue(em, ...returning.map(({ id }) => activityEntry(context, id, [false, true])));
    return chunk.map((id) => (users.has(id) ? null : BulkRefusalCode.NOT_FOUND));
  });
}

/** Who waits somewhere is deactivated alone, so that no transaction holds the locks of many seminars. */
async function chunksByWaiting(context: Context, userIds: readonly string[]): Promise<string[][]> {
  const waiting = new Set((await findWaiting(context.em, userIds.filter(isUuid))).map(({ userId }) => userId));
  return [...chunksOf(userIds.filter((id) => !waiting.has(id))), ...[...waiting].map((id) => [id])];
}

async function deactivate(context: Context, chunk: readonly string[]): Promise<Outcome[]> {
  const { outcomes, endedSessions } = await context.transaction(async (em) => {
    const seminars = await lockSeminarsWaitedFor(em, chunk);
    const { users, admins } = await lockWithAdmins(em, chunk);
    const leavingIds: string[] = [];
    const outcomes = chunk.map((id): Outcome => {
      const user = users.get(id);
      if (!user) return BulkRefusalCode.NOT_FOUND;
      if (!user.active) return null;
      if (admins.size === 1 && admins.has(user)) return BulkRefusalCode.LAST_ADMIN;
      admins.delete(user);
      user.active = false;
      leavingIds.push(id);
      return null;
    });
    await leaveWaitingLists(context, em, leavingIds, seminars);
    await enqueue(em, ...leavingIds.map((id) => activityEntry(context, id, [true, false])));
    return { outcomes, endedSessions: await endSessions(em, sql`user_id = any(${leavingIds}::uuid[])`) };
  });
  context.afterCommit(() => context.services.endedSessions.add(endedSessions));
  return outcomes;
}

/** Locks of seminars come before those of users, so which ones they are has to be found out without a lock. */
async function lockSeminarsWaitedFor(em: EntityManager, userIds: readonly string[]): Promise<Map<string, Seminar>> {
  const ids = [...new Set((await findWaiting(em, userIds)).map(({ seminarId }) => seminarId))];
  if (ids.length === 0) return new Map();
  const lock = { orderBy: { id: "asc" }, lockMode: LockMode.PESSIMISTIC_WRITE } as const;
  const seminars = await em.find(Seminar, { id: { $in: ids } }, lock);
  return new Map(seminars.map((seminar) => [seminar.id, seminar]));
}

/** The users are locked and so can queue nowhere else. Where they stood in the line, the next one may have a seat (D5). */
async function leaveWaitingLists(
  context: Context,
  em: EntityManager,
  userIds: readonly string[],
  locked: ReadonlyMap<string, Seminar>,
): Promise<void> {
  for (const [seminarId, waiting] of Map.groupBy(await findWaiting(em, userIds), ({ seminarId }) => seminarId)) {
    const seminar = locked.get(seminarId);
    if (!seminar) throw changedMeanwhile();
    const requests = waiting.map(({ userId }) => ({ seminar, userId, actor: context, action: "setUsersActive" }));
    await dropAll(em, requests);
    await enqueue(em, promotionOf(seminarId));
  }
}

function activityEntry(context: Context, userId: string, active: [before: boolean, after: boolean]): JobSpec {
  return auditEntry(context, "setUsersActive", "User", userId, { active });
}
