import type { EntityManager } from "@mikro-orm/postgresql";
import { sql } from "kysely";
import type { Logger } from "pino";
import { z } from "zod";
import { lockSeminar } from "../../catalogue/lock-seminar.ts";
import { auditEntry, serverItself } from "../../platform/audit/write-audit-entry.job.ts";
import { inTransaction } from "../../platform/database/in-transaction.ts";
import { selectRows } from "../../platform/database/sql/select-rows.ts";
import { defineJob } from "../../platform/jobs/define-job.ts";
import { enqueue } from "../../platform/jobs/enqueue.ts";

/**
 * Compares each seminar's counters with its rows. The database keeps them, so a drift means that somebody went around
 * it: an error in the log, a metric and an audit entry tell, and it is mended under the seminar's lock.
 */
export const mendCounters = defineJob({
  name: "mendCounters",
  payload: z.object({}),
  priority: 5,
  maxAttempts: 5,
  async run({ em, log, metrics, signal }) {
    for (const { id } of await driftedSeminars(em)) {
      signal.throwIfAborted();
      if (await mend(em, id, log)) metrics.counterDrifts.inc();
    }
  },
});

interface Drift {
  id: string;
  participantCount: number;
  waitlistCount: number;
  participants: number;
  waiting: number;
}

function driftedSeminars(em: EntityManager, id: string | null = null): Promise<Drift[]> {
  return selectRows(
    em,
    sql<Drift>`select seminars.id, participant_count as "participantCount", waitlist_count as "waitlistCount",
        coalesce(counted.participants, 0)::int as participants, coalesce(counted.waiting, 0)::int as waiting
      from seminars left join (
        select seminar_id,
          count(*) filter (where role = 'PARTICIPANT' and status = 'ACTIVE') as participants,
          count(*) filter (where status = 'WAITLISTED') as waiting
        from enrollments where ${id}::uuid is null or seminar_id = ${id}::uuid
        group by seminar_id
      ) as counted on counted.seminar_id = seminars.id
      where (${id}::uuid is null or seminars.id = ${id}::uuid)
        and (participant_count, waitlist_count) is distinct from
          (coalesce(counted.participants, 0), coalesce(counted.waiting, 0))
      order by seminars.id`,
  );
}

/** What seemed to drift may be a join that was going on; under the lock it is certain. */
function mend(em: EntityManager, id: string, log: Logger): Promise<boolean> {
  return inTransaction(em, async (em) => {
    await lockSeminar(em, id);
    const [drift] = await driftedSeminars(em, id);
    if (!drift) return false;
    const { participantCount, waitlistCount, participants, waiting } = drift;
    await sql`update seminars set participant_count = ${participants}, waitlist_count = ${waiting}
      where id = ${id}`.execute(em.getKysely());
    const changes = {
      participantCount: [participantCount, participants],
      waitlistCount: [waitlistCount, waiting],
    } as const;
    await enqueue(em, auditEntry(serverItself, "mendCounters", "Seminar", id, changes));
    log.error({ seminarId: id, ...drift }, "the counters of a seminar had drifted, and were mended");
    return true;
  });
}
