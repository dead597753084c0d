import { raw } from "@mikro-orm/postgresql";
import type { Changes } from "../platform/audit/changes.ts";
import { auditEntry } from "../platform/audit/write-audit-entry.job.ts";
import { requireViewer } from "../platform/auth/require-viewer.ts";
import type { Context } from "../platform/graphql/context.ts";
import { enqueue } from "../platform/jobs/enqueue.ts";
import { lockSeminar } from "../seminars/seminar.loaders.ts";
import { Enrollment, EnrollmentRole, EnrollmentStatus, enrollmentChanges } from "./enrollment.entity.ts";
import type { DropSeminarInput } from "./enrollment.inputs.ts";
import { DropSeminarRefusal, DropSeminarRefusalCode, DropSeminarSuccess } from "./enrollment.results.ts";
import { mailDropped } from "./enrollment-mails.job.ts";
import { promotionOf } from "./promote-waiting-list.job.ts";

/** Gives the viewer's seat back (D1-D3), or takes the viewer off the waiting list (D4). Doing it again changes nothing. */
export function dropSeminar(
  context: Context,
  input: DropSeminarInput,
): Promise<DropSeminarSuccess | DropSeminarRefusal> {
  const viewer = requireViewer(context);
  const entry = (id: string, changes: Changes) => auditEntry(context, "dropSeminar", "Enrollment", id, changes);
  return context.transaction(async (em) => {
    const seminar = await lockSeminar(em, input.seminarId);
    const enrollment = await em.findOne(Enrollment, { seminarId: seminar.id, userId: viewer.id });
    if (enrollment?.role === EnrollmentRole.INSTRUCTOR) {
      return new DropSeminarRefusal(DropSeminarRefusalCode.INSTRUCTOR_CANNOT_DROP);
    }
    switch (enrollment?.status) {
      case EnrollmentStatus.ACTIVE: {
        const before = { ...enrollment };
        enrollment.status = EnrollmentStatus.DROPPED;
        enrollment.droppedAt = raw("clock_timestamp()");
        await em.flush();
        await enqueue(
          em,
          entry(enrollment.id, enrollmentChanges(before, enrollment)),
          promotionOf(seminar.id),
          mailDropped.of({ enrollmentId: enrollment.id }),
        );
        return new DropSeminarSuccess(seminar.id, enrollment);
      }
      case EnrollmentStatus.WAITLISTED:
        await em.remove(enrollment).flush();
        await enqueue(em, entry(enrollment.id, { status: [EnrollmentStatus.WAITLISTED, null] }));
        return new DropSeminarSuccess(seminar.id, null);
      case EnrollmentStatus.DROPPED:
        return new DropSeminarSuccess(seminar.id, enrollment);
      case undefined:
        return new DropSeminarSuccess(seminar.id, null);
    }
  });
}
