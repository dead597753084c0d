import { type Enrollment, EnrollmentStatus } from "../../enrollment/enrollment.entity.ts";
import { enrollAll } from "../../enrollment/joining/enroll-all.ts";
import { promotionOf } from "../../enrollment/waiting-list/promote-waiting-list.job.ts";
import { parseInput } from "../../platform/graphql/input/input-rules.ts";
import type { Context } from "../../platform/graphql/server/context.ts";
import { enqueue } from "../../platform/jobs/enqueue.ts";
import { BulkRefusalCode, type BulkResult } from "../bulk.results.ts";
import { enrollmentIdsRules } from "../staff.rules.ts";
import { outcomeOf, staffRequest } from "./enroll-participants.ts";
import { inBulkBySeminar } from "./enrollments-by-seminar.ts";
import type { ReinstateEnrollmentsInput } from "./staff-enrollments.inputs.ts";

/**
 * Gives people who dropped their seats back (D3). A free seat is needed, and the waiting list goes first: when people wait,
 * they are looked at again.
 */
export async function reinstateEnrollments(context: Context, input: ReinstateEnrollmentsInput): Promise<BulkResult> {
  const { enrollmentIds } = parseInput(enrollmentIdsRules, input);
  return await inBulkBySeminar(context, enrollmentIds, async (em, seminar, enrollments) => {
    const dropped = enrollments.filter(isDropped);
    const requests = dropped.map(({ userId }) => staffRequest(context, "reinstateEnrollments", seminar, userId));
    const outcomes = (await enrollAll(em, requests)).map(outcomeOf);
    if (seminar.waitlistCount > 0) await enqueue(em, promotionOf(seminar.id));
    return enrollments.map((enrollment) => {
      const place = dropped.indexOf(enrollment);
      return place < 0 ? BulkRefusalCode.NOT_DROPPED : (outcomes[place] ?? null);
    });
  });
}

function isDropped({ status }: Enrollment): boolean {
  return status === EnrollmentStatus.DROPPED;
}
