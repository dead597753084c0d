import { z } from "zod";
import { defineJob, type JobSpec } from "../../platform/jobs/define-job.ts";
import { promoteWaitingList } from "./promote-waiting-list.ts";

/** Gives the free seats of one seminar to those who wait (D5). */
export const promoteWaitingListJob = defineJob({
  name: "promoteWaitingList",
  payload: z.object({ seminarId: z.uuid() }),
  priority: 0,
  maxAttempts: 25,
  async run({ em, log }, { seminarId }) {
    await promoteWaitingList(em, seminarId, log);
  },
});

/**
 * The job for a seminar where a seat may have become free. While one waits for this seminar, another one would only do
 * the same; while one runs, it may have looked already, so then there are two.
 */
export function promotionOf(seminarId: string): JobSpec {
  return promoteWaitingListJob.of({ seminarId }, { key: `promoteWaitingList:${seminarId}` });
}
