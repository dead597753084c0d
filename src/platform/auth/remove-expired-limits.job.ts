import { sql } from "kysely";
import { z } from "zod";
import { defineJob } from "../jobs/define-job.ts";

/** Removes the counts of limits whose minute is long over. */
export const removeExpiredLimits = defineJob({
  name: "removeExpiredLimits",
  payload: z.object({}),
  priority: 20,
  maxAttempts: 5,
  async run({ em }) {
    const anHourAgo = Date.now() - 3_600_000;
    await sql`delete from rate_limits where expire < ${anHourAgo}`.execute(em.getKysely());
  },
});
