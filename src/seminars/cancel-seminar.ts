import { Enrollment, EnrollmentStatus } from "../enrollment/enrollment.entity.ts";
import { requireViewer } from "../platform/auth/require-viewer.ts";
import type { Context } from "../platform/graphql/context.ts";
import { requireChangeRights } from "./change-rights.ts";
import { SeminarStatus } from "./seminar.entity.ts";
import type { CancelSeminarInput } from "./seminar.inputs.ts";
import { lockSeminar } from "./seminar.loaders.ts";
import { CancelSeminarRefusal, CancelSeminarRefusalCode, CancelSeminarSuccess } from "./seminar.results.ts";

/**
 * Cancels a seminar (S4, S6): its enrollments stay as they were, its waiting list is cleared, and its instructors are
 * free to lead again, since the foreign key carries the new status over to their enrollments.
 */
export function cancelSeminar(
  context: Context,
  input: CancelSeminarInput,
): Promise<CancelSeminarSuccess | CancelSeminarRefusal> {
  const viewer = requireViewer(context);
  return context.transaction(async (em) => {
    const seminar = await lockSeminar(em, input.seminarId);
    await requireChangeRights(em, viewer, seminar);
    if (seminar.status !== SeminarStatus.SCHEDULED) {
      return new CancelSeminarRefusal(CancelSeminarRefusalCode.NOT_SCHEDULED);
    }
    await em.nativeDelete(Enrollment, { seminarId: seminar.id, status: EnrollmentStatus.WAITLISTED });
    seminar.status = SeminarStatus.CANCELLED;
    await em.flush();
    await em.refresh(seminar);
    return new CancelSeminarSuccess(seminar);
  });
}
