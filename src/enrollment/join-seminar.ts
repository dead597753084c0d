import { auditEntry } from "../platform/audit/write-audit-entry.job.ts";
import { requireViewer } from "../platform/auth/require-viewer.ts";
import type { Context } from "../platform/graphql/context.ts";
import { enqueue } from "../platform/jobs/enqueue.ts";
import { lockSeminar } from "../seminars/seminar.loaders.ts";
import { createEnrollment, EnrollmentStatus, enrollmentChanges } from "./enrollment.entity.ts";
import { type JoinSeminarInput, OnFull } from "./enrollment.inputs.ts";
import { JoinSeminarRefusal, JoinSeminarRefusalCode, JoinSeminarSuccess } from "./enrollment.results.ts";
import { mailJoined, mailWaitlisted } from "./enrollment-mails.job.ts";
import { loadJoinFacts } from "./join-facts.ts";
import { joinRefusals } from "./join-rules.ts";

/**
 * Gives the viewer a place in a seminar, or says by J3-J8 why not. The seminar's lock comes first: what the rules look
 * at cannot change before the transaction ends.
 */
export function joinSeminar(
  context: Context,
  input: JoinSeminarInput,
): Promise<JoinSeminarSuccess | JoinSeminarRefusal> {
  const viewer = requireViewer(context);
  return context.transaction(async (em) => {
    const seminar = await lockSeminar(em, input.seminarId);
    const facts = await loadJoinFacts(em, viewer.id, seminar.id);
    const [refusal] = joinRefusals(seminar, input.role, facts);
    const isQueueing = refusal === JoinSeminarRefusalCode.SEMINAR_FULL && input.onFull === OnFull.WAITLIST;
    if (refusal && !isQueueing) return new JoinSeminarRefusal(refusal, seminar.id);

    const status = isQueueing ? EnrollmentStatus.WAITLISTED : EnrollmentStatus.ACTIVE;
    const enrollment = createEnrollment(em, seminar, viewer.id, input.role, status, facts.now);
    await em.flush();
    await enqueue(
      em,
      auditEntry(context, "joinSeminar", "Enrollment", enrollment.id, enrollmentChanges(null, enrollment)),
      (isQueueing ? mailWaitlisted : mailJoined).of({ enrollmentId: enrollment.id }),
    );
    return new JoinSeminarSuccess(enrollment);
  });
}
