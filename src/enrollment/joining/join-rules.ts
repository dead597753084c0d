import { type Seminar, SeminarStatus } from "../../catalogue/seminar.entity.ts";
import { EnrollmentRole, EnrollmentStatus } from "../enrollment.entity.ts";
import { JoinSeminarRefusalCode as Code } from "../enrollment.results.ts";
import type { JoinFacts } from "./join-facts.ts";

/**
 * `OWN`: people ask for themselves. `STAFF`: staff act for others; they are not bound by the registration window, and may
 * enroll who dropped before.
 */
export type JoinTerms = "OWN" | "STAFF";

type KnownFacts = Omit<JoinFacts, "isActive" | "enrollmentId">;

/**
 * The rules J3-J8 that stand in the way of joining, in the order of the rules: the mutation refuses with the first one,
 * `joinEligibility` lists them all. Empty when nothing does.
 */
export function joinRefusals(
  seminar: Seminar,
  role: EnrollmentRole,
  facts: KnownFacts,
  terms: JoinTerms = "OWN",
): Code[] {
  const asParticipant = role === EnrollmentRole.PARTICIPANT;
  const refusals = [
    closedOrNotOpenYet(seminar, facts.now, terms),
    !(asParticipant ? facts.isParticipant : facts.isInstructor) && Code.MISSING_PROFILE,
    asParticipant && facts.isParticipant && !facts.isAccepted && Code.NOT_ACCEPTED,
    alreadyIn(facts.enrollmentStatus, terms),
    !asParticipant && facts.isLeadingAnother && Code.ALREADY_LEADING,
    asParticipant && !hasFreeSeat(seminar, facts) && Code.SEMINAR_FULL,
  ];
  return refusals.filter((code) => code !== false && code !== null);
}

/** J3: the opening instant belongs to the window, the closing instant does not. */
function closedOrNotOpenYet(seminar: Seminar, now: Date, terms: JoinTerms): Code | null {
  if (seminar.status !== SeminarStatus.SCHEDULED) return Code.REGISTRATION_CLOSED;
  if (terms === "STAFF") return null;
  if (seminar.registrationOpensAt && now < seminar.registrationOpensAt) return Code.NOT_OPEN_YET;
  if (seminar.registrationClosesAt && now >= seminar.registrationClosesAt) return Code.REGISTRATION_CLOSED;
  return null;
}

/** J6 */
function alreadyIn(status: EnrollmentStatus | null, terms: JoinTerms): Code | null {
  if (status === null) return null;
  if (status !== EnrollmentStatus.DROPPED) return Code.ALREADY_JOINED;
  return terms === "STAFF" ? null : Code.ALREADY_DROPPED;
}

/** J8: nobody jumps the queue. */
function hasFreeSeat(seminar: Seminar, facts: KnownFacts): boolean {
  return seminar.participantCount < seminar.capacity && !facts.isSomebodyPromotable;
}
