import type { EntityManager } from "@mikro-orm/postgresql";
import { sql } from "kysely";
import { lockUsers } from "../../accounts/users/lock-users.ts";
import { type User, userChanges } from "../../accounts/users/user.entity.ts";
import { findWaiting } from "../../enrollment/waiting-list/find-waitlisted.ts";
import { promotionOf } from "../../enrollment/waiting-list/promote-waiting-list.job.ts";
import { auditEntry } from "../../platform/audit/write-audit-entry.job.ts";
import { parseInput } from "../../platform/graphql/input/input-rules.ts";
import type { Context } from "../../platform/graphql/server/context.ts";
import { enqueue } from "../../platform/jobs/enqueue.ts";
import { BulkRefusalCode, type BulkResult } from "../bulk.results.ts";
import { chunksOf, inChunks, type Outcome } from "../bulk.ts";
import { userIdsRules } from "../staff.rules.ts";
import type { SetParticipantsAcceptedInput } from "./people.inputs.ts";

/** Accepts participants, or takes their acceptance back, which takes no seat away (A3). */
export async function setParticipantsAccepted(
  context: Context,
  { userIds, accepted }: SetParticipantsAcceptedInput,
): Promise<BulkResult> {
  parseInput(userIdsRules, { userIds });
  return await inChunks(userIds, chunksOf(userIds), (chunk) =>
    context.transaction(async (em) => {
      const users = new Map((await lockUsers(em, sql`id = any(${chunk}::uuid[])`)).map((user) => [user.id, user]));
      const toChange = [...users.values()].filter(({ participantAccepted: was }) => was !== null && was !== accepted);
      await change(context, em, toChange, accepted);
      return chunk.map((id) => outcomeOf(users.get(id)));
    }),
  );
}

/** Who is accepted again may be the one whom free seats have waited for (D5). */
async function change(context: Context, em: EntityManager, users: User[], accepted: boolean): Promise<void> {
  const entries = users.map((user) => {
    const before = { ...user };
    user.participantAccepted = accepted;
    return auditEntry(context, "setParticipantsAccepted", "User", user.id, userChanges(before, user));
  });
  const userIds = users.map(({ id }) => id);
  const waiting = accepted ? await findWaiting(em, userIds) : [];
  const seminarIds = new Set(waiting.map(({ seminarId }) => seminarId));
  await enqueue(em, ...entries, ...[...seminarIds].map(promotionOf));
}

function outcomeOf(user: User | undefined): Outcome {
  if (!user) return BulkRefusalCode.NOT_FOUND;
  return user.participantAccepted === null ? BulkRefusalCode.MISSING_PROFILE : null;
}
