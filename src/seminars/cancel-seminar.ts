import { lockSeminar } from "../catalogue/lock-seminar.ts";
import { SeminarStatus } from "../catalogue/seminar.entity.ts";
import { requireViewer } from "../platform/auth/require-viewer.ts";
import type { Context } from "../platform/graphql/server/context.ts";
import { enqueue } from "../platform/jobs/enqueue.ts";
import { endSeminar } from "./end-seminar.ts";
import { requireChangeRights } from "./require-change-rights.ts";
import type { CancelSeminarInput } from "./seminar.inputs.ts";
import { CancelSeminarRefusal, CancelSeminarRefusalCode, CancelSeminarSuccess } from "./seminar.results.ts";
import { mailSeminarCancelled } from "./seminar-mails.job.ts";

/**
 * Cancels a seminar (S4, S6).
 * @param action for the audit trail: the mutation that it is done by
 */
export async function cancelSeminar(
  context: Context,
  input: CancelSeminarInput,
  action = "cancelSeminar",
): Promise<CancelSeminarSuccess | CancelSeminarRefusal> {
  const viewer = requireViewer(context);
  return context.transaction(async (em) => {
    const seminar = await lockSeminar(em, input.seminarId);
    await requireChangeRights(em, viewer, seminar);
    if (seminar.status !== SeminarStatus.SCHEDULED) {
      return new CancelSeminarRefusal(CancelSeminarRefusalCode.NOT_SCHEDULED);
    }
    const waiting = await endSeminar(em, seminar, SeminarStatus.CANCELLED, context, action);
    const alsoUserIds = waiting.map((enrollment) => enrollment.userId);
    await enqueue(em, mailSeminarCancelled.of({ seminarId: seminar.id, alsoUserIds }));
    return new CancelSeminarSuccess(seminar);
  });
}
