import type { EntityManager } from "@mikro-orm/postgresql";
import type { Seminar } from "../../catalogue/seminar.entity.ts";
import { type Actor, auditEntry } from "../../platform/audit/write-audit-entry.job.ts";
import type { JobSpec } from "../../platform/jobs/define-job.ts";
import { enqueue } from "../../platform/jobs/enqueue.ts";
import {
  createEnrollment,
  Enrollment,
  type EnrollmentRole,
  EnrollmentStatus,
  enrollmentChanges,
} from "../enrollment.entity.ts";
import { OnFull } from "../enrollment.inputs.ts";
import { JoinSeminarRefusalCode as Code } from "../enrollment.results.ts";
import { mailJoined, mailWaitlisted } from "../mails/enrollment-mails.job.ts";
import { type JoinFacts, loadJoinFacts } from "./join-facts.ts";
import { type JoinTerms, joinRefusals } from "./join-rules.ts";

/** One person who is to get a place in a seminar. */
export interface EnrollRequest {
  /** Its lock is held. */
  readonly seminar: Seminar;
  readonly userId: string;
  readonly role: EnrollmentRole;
  readonly onFull: OnFull;
  /** Whether the people themselves ask, or staff for them. */
  readonly terms: JoinTerms;
  /** The id of the new enrollment, known before the transaction: an enrollment with this id was made by an earlier attempt. */
  readonly enrollmentId: string;
  /** For the audit trail: who asks, by which mutation. */
  readonly actor: Actor;
  readonly action: string;
}

/** What became of a request. `UNKNOWN_USER`: there is no such user, or one who asks has been deactivated meanwhile. */
export type EnrollOutcome = Enrollment | Code | "UNKNOWN_USER";

/**
 * Gives each of these people a place in a seminar, or says by J3-J8 why not: those of one seminar in their order, each as
 * if it had come alone, with a handful of statements for all.
 */
export async function enrollAll(em: EntityManager, requests: readonly EnrollRequest[]): Promise<EnrollOutcome[]> {
  const mayQueue = requests.some((request) => request.onFull === OnFull.WAITLIST);
  const pairs = requests.map(({ userId, seminar }) => ({ userId, seminarId: seminar.id }));
  const facts = await loadJoinFacts(em, pairs, mayQueue ? "share" : "none");
  const known = await knownEnrollments(em, facts);
  const seminars = new Set(requests.map(({ seminar }) => seminar));
  const leads: Leads = new Map();
  const seatCounts = new Map(
    [...seminars].map((seminar) => [seminar, new SeatCount(em, seminar, known.get(seminar.id) ?? [], leads)]),
  );
  const outcomes = requests.map((request, index) =>
    (seatCounts.get(request.seminar) as SeatCount).admit(request, facts[index] ?? null),
  );
  await em.flush();
  const changes = [...seatCounts.values()].flatMap((seatCount) => seatCount.changes);
  await enqueue(em, ...changes.flatMap(jobsOf));
  return outcomes;
}

/** The enrollments that these people have already, by seminar: most have none. */
async function knownEnrollments(
  em: EntityManager,
  facts: readonly (JoinFacts | null)[],
): Promise<Map<string, Enrollment[]>> {
  const ids = facts.flatMap((one) => one?.enrollmentId ?? []);
  if (ids.length === 0) return new Map();
  return Map.groupBy(await em.find(Enrollment, { id: { $in: ids } }), ({ seminarId }) => seminarId);
}

/** Which seminar the new instructors lead, by user: in another one they are refused (J7). */
type Leads = Map<string, Seminar>;

interface Change {
  readonly request: EnrollRequest;
  readonly before: Partial<Enrollment> | null;
  readonly enrollment: Enrollment;
}

/** The seats of one seminar while its requests are served in order: a seat given to one request is taken for the next. */
class SeatCount {
  readonly changes: Change[] = [];
  readonly #em: EntityManager;
  readonly #seminar: Seminar;
  /** By user. */
  readonly #enrollments: Map<string, Enrollment>;
  #participantCount: number;
  #isSomebodyPromotable = false;
  readonly #leads: Leads;

  constructor(em: EntityManager, seminar: Seminar, known: readonly Enrollment[], leads: Leads) {
    this.#em = em;
    this.#seminar = seminar;
    this.#enrollments = new Map(known.map((enrollment) => [enrollment.userId, enrollment]));
    this.#participantCount = seminar.participantCount;
    this.#leads = leads;
  }

  admit(request: EnrollRequest, facts: JoinFacts | null): EnrollOutcome {
    if (!facts || (request.terms === "OWN" && !facts.isActive)) return "UNKNOWN_USER";
    const mine = this.#enrollments.get(request.userId) ?? null;
    if (mine?.id === request.enrollmentId) return mine;

    const seminar = { ...this.#seminar, participantCount: this.#participantCount };
    const now = {
      ...facts,
      enrollmentStatus: mine?.status ?? null,
      isLeadingAnother: facts.isLeadingAnother || (this.#leads.get(request.userId) ?? this.#seminar) !== this.#seminar,
      isSomebodyPromotable: facts.isSomebodyPromotable || this.#isSomebodyPromotable,
    };
    const [refusal] = joinRefusals(seminar, request.role, now, request.terms);
    const isQueueing = refusal === Code.SEMINAR_FULL && request.onFull === OnFull.WAITLIST;
    if (refusal && !isQueueing) return refusal;
    return this.#write(request, mine, isQueueing ? EnrollmentStatus.WAITLISTED : EnrollmentStatus.ACTIVE, facts.now);
  }

  #write(request: EnrollRequest, mine: Enrollment | null, status: EnrollmentStatus, now: Date): Enrollment {
    const before = mine && { ...mine };
    const { enrollmentId: id, userId, role } = request;
    const enrollment = mine ?? createEnrollment(this.#em, this.#seminar, { id, userId, role, status, joinedAt: now });
    if (mine) Object.assign(mine, { status, droppedAt: null });
    if (status === EnrollmentStatus.WAITLISTED) this.#isSomebodyPromotable = true;
    else if (enrollment.ledStatus === null) this.#participantCount++;
    else this.#leads.set(userId, this.#seminar);
    this.#enrollments.set(userId, enrollment);
    this.changes.push({ request, before, enrollment });
    return enrollment;
  }
}

function jobsOf({ request, before, enrollment }: Change): JobSpec[] {
  const changes = enrollmentChanges(before, enrollment);
  const mail = enrollment.status === EnrollmentStatus.WAITLISTED ? mailWaitlisted : mailJoined;
  return [
    auditEntry(request.actor, request.action, "Enrollment", enrollment.id, changes),
    mail.of({ enrollmentId: enrollment.id }),
  ];
}
