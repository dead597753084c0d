import type { EntityManager } from "@mikro-orm/postgresql";
import { type Seminar, SeminarStatus } from "../catalogue/seminar.entity.ts";
import { Enrollment, EnrollmentStatus } from "../enrollment/enrollment.entity.ts";
import { type Actor, auditEntry } from "../platform/audit/write-audit-entry.job.ts";
import { enqueue } from "../platform/jobs/enqueue.ts";

/**
 * Ends a SCHEDULED seminar whose lock is held (S6): its enrollments stay as they were, its waiting list is cleared, and
 * its instructors are free to lead again, since the foreign key carries the new status over to their enrollments.
 * @returns the enrollments that were on the waiting list.
 */
export async function endSeminar(
  em: EntityManager,
  seminar: Seminar,
  status: SeminarStatus.CANCELLED | SeminarStatus.FINISHED,
  actor: Actor,
  action: string,
): Promise<Enrollment[]> {
  const waiting = await em.find(Enrollment, { seminarId: seminar.id, status: EnrollmentStatus.WAITLISTED });
  await em.nativeDelete(Enrollment, { seminarId: seminar.id, status: EnrollmentStatus.WAITLISTED });
  seminar.status = status;
  await em.flush();
  await enqueue(
    em,
    auditEntry(actor, action, "Seminar", seminar.id, { status: [SeminarStatus.SCHEDULED, status] }),
    ...waiting.map(({ id }) =>
      auditEntry(actor, action, "Enrollment", id, { status: [EnrollmentStatus.WAITLISTED, null] }),
    ),
  );
  await em.refresh(seminar);
  return waiting;
}
