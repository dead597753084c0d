import { sql } from "kysely";
import { z } from "zod";
import { defineJob } from "../../platform/jobs/define-job.ts";

/** Removes sessions that expired some days ago: nobody can hold a token of theirs that is good. */
export const removeOldSessions = defineJob({
  name: "removeOldSessions",
  payload: z.object({}),
  priority: 30,
  maxAttempts: 3,
  async run({ em }) {
    await sql`delete from sessions where expires_at < now() - interval '7 days'`.execute(em.getKysely());
  },
});
