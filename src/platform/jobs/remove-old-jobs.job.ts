import { sql } from "kysely";
import { z } from "zod";
import { defineJob } from "./define-job.ts";

/** Removes jobs that failed for good and that staff have not retried within 30 days. */
export const removeOldJobs = defineJob({
  name: "removeOldJobs",
  payload: z.object({}),
  priority: 30,
  maxAttempts: 3,
  async run({ em }) {
    await sql`select graphile_worker.complete_jobs(array(
      select id from graphile_worker._private_jobs
      where attempts >= max_attempts and locked_at is null and updated_at < now() - interval '30 days'
    ))`.execute(em.getKysely());
  },
});
