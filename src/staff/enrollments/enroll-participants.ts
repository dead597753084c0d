import { v7 as uuidv7 } from "uuid";
import { lockSeminar } from "../../catalogue/lock-seminar.ts";
import type { Seminar } from "../../catalogue/seminar.entity.ts";
import { seminarById } from "../../catalogue/seminar.loaders.ts";
import { Enrollment, EnrollmentRole } from "../../enrollment/enrollment.entity.ts";
import { OnFull } from "../../enrollment/enrollment.inputs.ts";
import { JoinSeminarRefusalCode } from "../../enrollment/enrollment.results.ts";
import { type EnrollOutcome, enrollAll } from "../../enrollment/joining/enroll-all.ts";
import { notFound } from "../../platform/graphql/errors/errors.ts";
import { isUuid } from "../../platform/graphql/input/ids.ts";
import { parseInput } from "../../platform/graphql/input/input-rules.ts";
import type { Context } from "../../platform/graphql/server/context.ts";
import { BulkRefusalCode, type BulkResult } from "../bulk.results.ts";
import { chunksOf, inChunks, type Outcome } from "../bulk.ts";
import { enrollParticipantsRules } from "../staff.rules.ts";
import type { EnrollParticipantsInput } from "./staff-enrollments.inputs.ts";

/**
 * Gives people seats in a seminar, in the order in which they are named. Staff are not bound by the registration window,
 * and may enroll who dropped before; every other rule of joining holds.
 * @throws NOT_FOUND for a seminar that does not exist
 */
export async function enrollParticipants(context: Context, input: EnrollParticipantsInput): Promise<BulkResult> {
  const { seminarId, userIds } = parseInput(enrollParticipantsRules, input);
  if (!isUuid(seminarId) || !(await context.load(seminarById).load(seminarId))) throw notFound();
  return await inChunks(userIds, chunksOf(userIds), (chunk) =>
    context.transaction(async (em) => {
      const seminar = await lockSeminar(em, seminarId);
      const requests = chunk.map((userId) => staffRequest(context, "enrollParticipants", seminar, userId));
      return (await enrollAll(em, requests)).map(outcomeOf);
    }),
  );
}

/** A request of staff to give somebody a seat. */
export function staffRequest(context: Context, action: string, seminar: Seminar, userId: string) {
  return {
    seminar,
    userId,
    role: EnrollmentRole.PARTICIPANT,
    onFull: OnFull.REFUSE,
    terms: "STAFF",
    enrollmentId: uuidv7(),
    actor: context,
    action,
  } as const;
}

/** What becomes of such a request, as a bulk tells it. */
export function outcomeOf(outcome: EnrollOutcome): Outcome {
  if (outcome instanceof Enrollment) return null;
  switch (outcome) {
    case "UNKNOWN_USER":
      return BulkRefusalCode.NOT_FOUND;
    // Staff have no window, so the seminar itself is over.
    case JoinSeminarRefusalCode.NOT_OPEN_YET:
    case JoinSeminarRefusalCode.REGISTRATION_CLOSED:
      return BulkRefusalCode.NOT_SCHEDULED;
    default:
      return BulkRefusalCode[outcome];
  }
}
