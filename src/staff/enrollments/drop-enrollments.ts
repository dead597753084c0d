import { type DropOutcome, dropAll } from "../../enrollment/joining/drop-all.ts";
import { parseInput } from "../../platform/graphql/input/input-rules.ts";
import type { Context } from "../../platform/graphql/server/context.ts";
import { BulkRefusalCode, type BulkResult } from "../bulk.results.ts";
import type { Outcome } from "../bulk.ts";
import { enrollmentIdsRules } from "../staff.rules.ts";
import { inBulkBySeminar } from "./enrollments-by-seminar.ts";
import type { DropEnrollmentsInput } from "./staff-enrollments.inputs.ts";

/** Takes people out of seminars, or off waiting lists, as if they had dropped themselves (D1-D5). */
export async function dropEnrollments(context: Context, input: DropEnrollmentsInput): Promise<BulkResult> {
  const { enrollmentIds } = parseInput(enrollmentIdsRules, input);
  return await inBulkBySeminar(context, enrollmentIds, async (em, seminar, enrollments) => {
    const requests = enrollments.map(({ userId }) => ({ seminar, userId, actor: context, action: "dropEnrollments" }));
    return (await dropAll(em, requests)).map(outcomeOf);
  });
}

function outcomeOf({ became }: DropOutcome): Outcome {
  switch (became) {
    case "DROPPED":
    case "OFF_THE_LIST":
      return null;
    case "NOT_IN":
      return BulkRefusalCode.NOT_FOUND;
    default:
      return BulkRefusalCode[became];
  }
}
