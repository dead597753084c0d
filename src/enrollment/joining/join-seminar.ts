import { v7 as uuidv7 } from "uuid";
import { requireViewer } from "../../platform/auth/require-viewer.ts";
import { notFound, unauthenticated } from "../../platform/graphql/errors/errors.ts";
import { isUuid } from "../../platform/graphql/input/ids.ts";
import type { Context } from "../../platform/graphql/server/context.ts";
import { Enrollment } from "../enrollment.entity.ts";
import type { JoinSeminarInput } from "../enrollment.inputs.ts";
import { JoinSeminarRefusal, JoinSeminarSuccess } from "../enrollment.results.ts";
import { refuseWithoutLock } from "./refuse-without-lock.ts";
import { enrollUnderLock } from "./seminar-requests.ts";

/**
 * Gives the viewer a place in a seminar, or says by J3-J8 why not. If the rules already refuse, the answer comes without
 * waiting for the seminar's lock. Otherwise `enrollUnderLock` opens the transaction (`em.transactional`, in
 * `in-transaction.ts`), takes the seminar's row with `LockMode.PESSIMISTIC_WRITE` (`lock-seminar.ts`), and checks the rules
 * once more under the lock, where nothing can change (`enroll-all.ts`).
 */
export async function joinSeminar(
  context: Context,
  input: JoinSeminarInput,
): Promise<JoinSeminarSuccess | JoinSeminarRefusal> {
  const { id: userId } = requireViewer(context);
  const { seminarId, role, onFull } = input;
  if (!isUuid(seminarId)) throw notFound();
  const refusal = await refuseWithoutLock(context, userId, input);
  if (refusal) return refusal;

  const { seminar, outcome } = await enrollUnderLock(context, {
    seminarId,
    userId,
    role,
    onFull,
    terms: "OWN",
    enrollmentId: uuidv7(),
    actor: context,
    action: "joinSeminar",
  });
  if (outcome === "UNKNOWN_USER") throw unauthenticated();
  return outcome instanceof Enrollment ? new JoinSeminarSuccess(outcome) : new JoinSeminarRefusal(outcome, seminar.id);
}
