import { seminarById } from "../../catalogue/seminar.loaders.ts";
import type { BatchedRead } from "../../platform/batching/batched-operations.ts";
import type { Context } from "../../platform/graphql/server/context.ts";
import { type JoinSeminarInput, OnFull } from "../enrollment.inputs.ts";
import { JoinSeminarRefusalCode as Code, JoinSeminarRefusal } from "../enrollment.results.ts";
import { type JoinLook, type JoinPair, lookAtJoins } from "./join-facts.ts";
import { joinRefusals } from "./join-rules.ts";

/**
 * The refusal that a look without the seminar's lock finds; null: only the lock can tell. It is never wrong: the look is one
 * statement on the primary that begins after the viewer has pressed, so the refusal is what the rules said at that instant.
 */
export async function refuseWithoutLock(
  context: Context,
  userId: string,
  { seminarId, role, onFull }: JoinSeminarInput,
): Promise<JoinSeminarRefusal | null> {
  const look = await context.readBatched(looks, { userId, seminarId });
  if (!look?.facts.isActive) return null;
  const { seminar, facts, position } = look;
  const [refusal] = joinRefusals(seminar, role, facts);
  if (!refusal || (refusal === Code.SEMINAR_FULL && onFull === OnFull.WAITLIST)) return null;
  context.route.reached(position);
  context.load(seminarById).clear(seminar.id).prime(seminar.id, seminar);
  return new JoinSeminarRefusal(refusal, seminar.id);
}

const looks: BatchedRead<JoinPair, JoinLook | null> = { name: "joinLook", run: lookAtJoins };
