import { sql } from "kysely";
import { z } from "zod";
import { defineJob } from "../../jobs/define-job.ts";

/** Removes idempotency keys that no longer count, with their answers, by index idempotency_keys_age. */
export const removeOldIdempotencyKeys = defineJob({
  name: "removeOldIdempotencyKeys",
  payload: z.object({}),
  priority: 30,
  maxAttempts: 3,
  async run({ em }) {
    await sql`delete from idempotency_keys where created_at < now() - interval '24 hours'`.execute(em.getKysely());
  },
});
