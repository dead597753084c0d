import { sql } from "kysely";
import { z } from "zod";
import { defineJob } from "../jobs/define-job.ts";
import { writeAuditEntry } from "./write-audit-entry.job.ts";

/**
 * Once the audit database can be reached, has the entries written that wait for their next attempt: after an hour of
 * failures that attempt would be more than an hour away.
 */
export const hastenAuditEntries = defineJob({
  name: "hastenAuditEntries",
  payload: z.object({}),
  priority: 5,
  maxAttempts: 1,
  async run({ em, audit }) {
    await sql`select 1`.execute(audit.getKysely());
    await sql`select graphile_worker.reschedule_jobs(array(
        select jobs.id from graphile_worker._private_jobs as jobs
        join graphile_worker._private_tasks as tasks on tasks.id = jobs.task_id
        where tasks.identifier = ${writeAuditEntry.name} and jobs.locked_at is null and jobs.run_at > now()
      ), run_at => now())`.execute(em.getKysely());
  },
});
