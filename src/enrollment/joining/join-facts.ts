import type { EntityManager } from "@mikro-orm/postgresql";
import { type RawBuilder, sql } from "kysely";
import { Seminar } from "../../catalogue/seminar.entity.ts";
import { Unavailable } from "../../platform/database/database-errors.ts";
import {
  type PositionRow,
  positionColumns,
  positionOf,
  type WalPosition,
} from "../../platform/database/routing/wal-position.ts";
import { preparedRows } from "../../platform/database/sql/prepared-rows.ts";
import { columnsOf, rowReader, type Snapshot } from "../../platform/database/sql/read-snapshots.ts";
import type { EnrollmentStatus } from "../enrollment.entity.ts";
import { isAcceptedParticipant, mayBePromoted } from "../waiting-list/may-be-promoted.ts";

/** What the rules J3-J8 need to know of one user and one seminar, beside the seminar itself. */
export interface JoinFacts {
  /** By the database's clock. */
  now: Date;
  isActive: boolean;
  isParticipant: boolean;
  isAccepted: boolean;
  isInstructor: boolean;
  /** The user's enrollment in this seminar; null: was never in it. */
  enrollmentId: string | null;
  enrollmentStatus: EnrollmentStatus | null;
  /** Whether the user leads a SCHEDULED seminar other than this one. */
  isLeadingAnother: boolean;
  /** Whether somebody on the waiting list of this seminar satisfies J4-J7. */
  isSomebodyPromotable: boolean;
}

/** One user who may want to join one seminar. */
export interface JoinPair {
  userId: string;
  seminarId: string;
}

/** What is to be seen of a seminar and a user in one state of the primary's data. */
export interface JoinLook {
  readonly seminar: Snapshot<Seminar>;
  readonly facts: JoinFacts;
  /** Up to where the primary's log holds that state. */
  readonly position: WalPosition;
}

/**
 * The facts about each pair, in one statement and in the order of the pairs; null for a user who does not exist.
 * @param lock `share` keeps the users from being deactivated until the end of the transaction
 */
export async function loadJoinFacts(
  em: EntityManager,
  pairs: readonly JoinPair[],
  lock: "none" | "share" = "none",
): Promise<(JoinFacts | null)[]> {
  const rows = await selectFacts(em, pairs, { tail: lock === "share" ? sql`for share of users` : sql`` });
  return rows.map((row) => row && factsOf(row));
}

/** The facts with the seminar itself, on the primary; null for a user or a seminar that does not exist. */
export async function lookAtJoins(em: EntityManager, pairs: readonly JoinPair[]): Promise<(JoinLook | null)[]> {
  const rows = await selectFacts<PositionRow & { id: string | null }>(em, pairs, {
    columns: sql`, log.*, ${columnsOf(em, Seminar)}`,
    // Each seminar once: a crowd mostly asks for the same one.
    tables: sql`left join seminars on seminars.id = case when asked.place = waiting_lists.first_place then asked.seminar_id end
      cross join (select ${sql.raw(positionColumns)} offset 0) as log`,
  });
  const readSeminar = rowReader(em, Seminar);
  const seminars = new Map(rows.flatMap((row) => (row?.id ? [[row.id, readSeminar(row)]] : [])));
  return rows.map((row, index) => {
    const seminar = seminars.get(pairs[index]?.seminarId.toLowerCase() as string);
    return row && seminar ? { seminar, facts: factsOf(row), position: primaryPosition(row) } : null;
  });
}

function primaryPosition(row: PositionRow): WalPosition {
  const position = positionOf(row);
  if (!position) throw new Unavailable("NO_PRIMARY", "The server that was asked does not take writes any more.");
  return position;
}

interface FactsRow extends Omit<JoinFacts, "now"> {
  place: string;
  now: string;
}

interface FactsQuery {
  columns?: RawBuilder<unknown>;
  tables?: RawBuilder<unknown>;
  tail?: RawBuilder<unknown>;
}

/**
 * The rows in the order of the pairs, null where there is none. By the indexes enrollments_one_per_user_and_seminar,
 * enrollments_leads_one_seminar and enrollments_waiting_list, whatever PostgreSQL believes of the tables: for `exists`
 * it may read the waiting lists of all seminars, and for `mine.user_id = users.id` all enrollments of a user.
 */
async function selectFacts<More extends object>(
  em: EntityManager,
  pairs: readonly JoinPair[],
  { columns = sql``, tables = sql``, tail = sql`` }: FactsQuery,
): Promise<((FactsRow & More) | null)[]> {
  const userIds = pairs.map((pair) => pair.userId);
  const seminarIds = pairs.map((pair) => pair.seminarId.toLowerCase());
  const places = new Map(seminarIds.map((id, index) => [id, index + 1] as const).reverse());
  const rows = await preparedRows(
    em,
    sql<FactsRow & More>`with waiting_lists as materialized (
       select seminar_id, first_place, (
         select true from enrollments as waiting
         join users as candidate on candidate.id = waiting.user_id
         where waiting.seminar_id = asked.seminar_id and waiting.status = 'WAITLISTED'
           and ${mayBePromoted("candidate")}
         limit 1
       ) is not null as is_somebody_promotable
       from unnest(${[...places.keys()]}::uuid[], ${[...places.values()]}::bigint[]) as asked (seminar_id, first_place)
     )
     select asked.place, clock_timestamp() as now,
       users.active as "isActive",
       users.participant_accepted is not null as "isParticipant",
       ${isAcceptedParticipant("users")} as "isAccepted",
       users.instructor_company is not null as "isInstructor",
       mine.id as "enrollmentId", mine.status as "enrollmentStatus",
       exists (
         select from enrollments as led
         where led.user_id = users.id and led.role = 'INSTRUCTOR' and led.status = 'ACTIVE'
           and led.led_status = 'SCHEDULED' and led.seminar_id <> asked.seminar_id
       ) as "isLeadingAnother",
       waiting_lists.is_somebody_promotable as "isSomebodyPromotable"
       ${columns}
     from unnest(${userIds}::uuid[], ${seminarIds}::uuid[]) with ordinality as asked (user_id, seminar_id, place)
     join waiting_lists on waiting_lists.seminar_id = asked.seminar_id
     join users on users.id = asked.user_id
     left join enrollments as mine on mine.user_id = asked.user_id and mine.seminar_id = asked.seminar_id
     ${tables}
     ${tail}`,
  );
  const byPlace = new Map(rows.map((row) => [Number(row.place), row]));
  return pairs.map((_pair, index) => byPlace.get(index + 1) ?? null);
}

function factsOf(row: FactsRow): JoinFacts {
  return {
    now: new Date(row.now),
    isActive: row.isActive,
    isParticipant: row.isParticipant,
    isAccepted: row.isAccepted,
    isInstructor: row.isInstructor,
    enrollmentId: row.enrollmentId,
    enrollmentStatus: row.enrollmentStatus,
    isLeadingAnother: row.isLeadingAnother,
    isSomebodyPromotable: row.isSomebodyPromotable,
  };
}
