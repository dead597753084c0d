import { parseInput } from "../../platform/graphql/input/input-rules.ts";
import type { Context } from "../../platform/graphql/server/context.ts";
import { cancelSeminar } from "../../seminars/cancel-seminar.ts";
import { CancelSeminarRefusal } from "../../seminars/seminar.results.ts";
import { BulkRefusalCode, type BulkResult } from "../bulk.results.ts";
import { inBulk } from "../bulk.ts";
import { seminarIdsRules } from "../staff.rules.ts";
import type { CancelSeminarsInput } from "./staff-seminars.inputs.ts";

/** Cancels seminars, each as `cancelSeminar` does (S6). */
export async function cancelSeminars(context: Context, { seminarIds }: CancelSeminarsInput): Promise<BulkResult> {
  parseInput(seminarIdsRules, { seminarIds });
  return await inBulk(seminarIds, async (seminarId) => {
    const result = await cancelSeminar(context, { seminarId }, "cancelSeminars");
    return result instanceof CancelSeminarRefusal ? BulkRefusalCode[result.code] : null;
  });
}
