import type { EntityManager } from "@mikro-orm/postgresql";
import { sql } from "kysely";
import { z } from "zod";
import { lockSeminar } from "../catalogue/lock-seminar.ts";
import { SeminarStatus } from "../catalogue/seminar.entity.ts";
import { serverItself } from "../platform/audit/write-audit-entry.job.ts";
import { inTransaction } from "../platform/database/in-transaction.ts";
import { selectRows } from "../platform/database/sql/select-rows.ts";
import { defineJob } from "../platform/jobs/define-job.ts";
import { endSeminar } from "./end-seminar.ts";

/** Finishes every seminar whose last session was before today (S6), one short transaction for each. */
export const finishSeminars = defineJob({
  name: "finishSeminars",
  payload: z.object({}),
  priority: 5,
  maxAttempts: 10,
  async run({ em, settings, log, signal }) {
    const over = await seminarsThatAreOver(em, settings.timeZone);
    for (const id of over) {
      signal.throwIfAborted();
      await finishSeminar(em, id);
    }
    log.info({ finished: over.length }, "seminars were finished");
  },
});

/** Sessions are weekly; without a first day a seminar goes on until it is cancelled. */
async function seminarsThatAreOver(em: EntityManager, timeZone: string): Promise<string[]> {
  const rows = await selectRows(
    em,
    sql<{ id: string }>`select id from seminars
      where status = 'SCHEDULED' and starts_on + 7 * (session_count - 1) < (now() at time zone ${timeZone})::date
      order by id`,
  );
  return rows.map((row) => row.id);
}

async function finishSeminar(em: EntityManager, id: string): Promise<void> {
  await inTransaction(em, async (em) => {
    const seminar = await lockSeminar(em, id);
    if (seminar.status !== SeminarStatus.SCHEDULED) return;
    await endSeminar(em, seminar, SeminarStatus.FINISHED, serverItself, "finishSeminars");
  });
}
