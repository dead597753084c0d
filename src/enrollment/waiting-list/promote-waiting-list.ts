import type { EntityManager } from "@mikro-orm/postgresql";
import { sql } from "kysely";
import type { Logger } from "pino";
import { lockSeminar } from "../../catalogue/lock-seminar.ts";
import { SeminarStatus } from "../../catalogue/seminar.entity.ts";
import { auditEntry, serverItself } from "../../platform/audit/write-audit-entry.job.ts";
import { inTransaction } from "../../platform/database/in-transaction.ts";
import { selectRows } from "../../platform/database/sql/select-rows.ts";
import { enqueue } from "../../platform/jobs/enqueue.ts";
import { mailPromoted } from "../mails/enrollment-mails.job.ts";
import { mayBePromoted } from "./may-be-promoted.ts";

/**
 * Gives the free seats of a seminar to the first on its waiting list who satisfy J4-J7, in the order of queueing, also
 * after registration has closed (D5). Those who are passed over keep their places. Doing it again promotes nobody twice:
 * the seminar's lock is held, and those who have a seat are no longer on the list.
 */
export function promoteWaitingList(em: EntityManager, seminarId: string, log: Logger): Promise<void> {
  return inTransaction(em, async (em) => {
    const seminar = await lockSeminar(em, seminarId);
    const freeSeats = seminar.capacity - seminar.participantCount;
    if (seminar.status !== SeminarStatus.SCHEDULED || freeSeats <= 0 || seminar.waitlistCount === 0) return;

    const promoted = await promoteFirst(em, seminarId, freeSeats);
    const passedOver = await countPassedOver(em, seminarId, promoted.at(-1)?.queuedAs ?? null);
    log.info({ seminarId, promoted: promoted.length, passedOver }, "the waiting list moved up");
    await enqueue(
      em,
      ...promoted.flatMap(({ id }) => [
        auditEntry(serverItself, "promoteWaitingList", "Enrollment", id, { status: ["WAITLISTED", "ACTIVE"] }),
        mailPromoted.of({ enrollmentId: id }),
      ]),
    );
  });
}

interface Promoted {
  id: string;
  /** The place in the order of queueing that it had. */
  queuedAs: string;
}

/** The promoted take their places in the order of joining one after another. By index enrollments_waiting_list. */
async function promoteFirst(em: EntityManager, seminarId: string, freeSeats: number): Promise<Promoted[]> {
  return await selectRows(
    em,
    sql<Promoted>`with chosen as (
        select enrollments.id, enrollments.sequence, row_number() over (order by enrollments.sequence) as place
        from enrollments join users on users.id = enrollments.user_id
        where enrollments.seminar_id = ${seminarId} and enrollments.status = 'WAITLISTED'
          and ${mayBePromoted("users")}
        order by enrollments.sequence limit ${freeSeats}
      ), numbers as (
        select array_agg(nextval(pg_get_serial_sequence('enrollments', 'sequence'))) as next
        from generate_series(1, (select count(*) from chosen))
      ), promoted as (
        update enrollments
        set status = 'ACTIVE', joined_at = clock_timestamp(), sequence = numbers.next[chosen.place]
        from chosen, numbers where enrollments.id = chosen.id
        returning enrollments.id, chosen.sequence as queued_as
      )
      select id, queued_as as "queuedAs" from promoted order by queued_as`,
  );
}

/** How many wait ahead of the last one promoted, or in total if nobody was: they may not have a seat now. */
async function countPassedOver(em: EntityManager, seminarId: string, lastPlace: string | null): Promise<number> {
  const [row] = await selectRows(
    em,
    sql<{ count: string }>`select count(*) from enrollments
      where seminar_id = ${seminarId} and status = 'WAITLISTED'
        and (${lastPlace}::bigint is null or sequence < ${lastPlace}::bigint)`,
  );
  return Number(row?.count);
}
