import { type EntityManager, raw } from "@mikro-orm/postgresql";
import type { Seminar } from "../../catalogue/seminar.entity.ts";
import { type Actor, auditEntry } from "../../platform/audit/write-audit-entry.job.ts";
import type { JobSpec } from "../../platform/jobs/define-job.ts";
import { enqueue } from "../../platform/jobs/enqueue.ts";
import { Enrollment, EnrollmentRole, EnrollmentStatus, enrollmentChanges } from "../enrollment.entity.ts";
import { mailDropped } from "../mails/enrollment-mails.job.ts";
import { promotionOf } from "../waiting-list/promote-waiting-list.job.ts";

/** One person who is to leave a seminar. */
export interface DropRequest {
  /** Its lock is held. */
  readonly seminar: Seminar;
  readonly userId: string;
  /** For the audit trail: who asks, by which mutation. */
  readonly actor: Actor;
  readonly action: string;
}

/** What became of a request; `ALREADY_DROPPED` and `NOT_IN` have changed nothing. */
export type DropOutcome =
  | { readonly became: "DROPPED" | "ALREADY_DROPPED"; readonly enrollment: Enrollment }
  | { readonly became: "OFF_THE_LIST" | "NOT_IN" | "INSTRUCTOR_CANNOT_DROP" };

/**
 * Takes these people out of seminars (D1-D3), or off their waiting lists (D4): in their order, each as if it had come
 * alone. Seats that become free are for those who wait (D5).
 */
export async function dropAll(em: EntityManager, requests: readonly DropRequest[]): Promise<DropOutcome[]> {
  const places = Map.groupBy(requests, ({ seminar }) => seminar.id);
  const found = await em.find(Enrollment, {
    $or: [...places].map(([seminarId, these]) => ({ seminarId, userId: { $in: these.map(({ userId }) => userId) } })),
  });
  const enrollments = new Map(
    found.map((enrollment) => [placeOf(enrollment.userId, enrollment.seminarId), enrollment]),
  );
  const drops = requests.map((request) => dropOne(em, request, enrollments));
  await em.flush();
  const jobs = drops.flatMap(({ request, before, outcome }) => jobsOf(request, before, outcome));
  const freed = drops.filter(({ outcome }) => outcome.became === "DROPPED").map(({ request }) => request.seminar.id);
  await enqueue(em, ...jobs, ...[...new Set(freed)].sort().map(promotionOf));
  return drops.map(({ outcome }) => outcome);
}

function placeOf(userId: string, seminarId: string): string {
  return `${userId} ${seminarId}`;
}

interface Drop {
  request: DropRequest;
  before: Enrollment | null;
  outcome: DropOutcome;
}

function dropOne(em: EntityManager, request: DropRequest, enrollments: Map<string, Enrollment>): Drop {
  const place = placeOf(request.userId, request.seminar.id);
  const enrollment = enrollments.get(place);
  const before = enrollment ? { ...enrollment } : null;
  if (!enrollment) return { request, before, outcome: { became: "NOT_IN" } };
  if (enrollment.role === EnrollmentRole.INSTRUCTOR) {
    return { request, before, outcome: { became: "INSTRUCTOR_CANNOT_DROP" } };
  }
  switch (enrollment.status) {
    case EnrollmentStatus.DROPPED:
      return { request, before, outcome: { became: "ALREADY_DROPPED", enrollment } };
    case EnrollmentStatus.WAITLISTED:
      em.remove(enrollment);
      enrollments.delete(place);
      return { request, before, outcome: { became: "OFF_THE_LIST" } };
    case EnrollmentStatus.ACTIVE:
      enrollment.status = EnrollmentStatus.DROPPED;
      enrollment.droppedAt = raw("clock_timestamp()");
      return { request, before, outcome: { became: "DROPPED", enrollment } };
  }
}

/** Called after the flush, which has brought the instant of dropping from the database. */
function jobsOf({ actor, action }: DropRequest, before: Enrollment | null, outcome: DropOutcome): JobSpec[] {
  if (!before) return [];
  switch (outcome.became) {
    case "DROPPED":
      return [
        auditEntry(actor, action, "Enrollment", before.id, enrollmentChanges(before, outcome.enrollment)),
        mailDropped.of({ enrollmentId: before.id }),
      ];
    case "OFF_THE_LIST":
      return [auditEntry(actor, action, "Enrollment", before.id, { status: [EnrollmentStatus.WAITLISTED, null] })];
    default:
      return [];
  }
}
