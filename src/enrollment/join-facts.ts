import type { EntityManager } from "@mikro-orm/postgresql";
import { sql } from "kysely";
import { selectRows } from "../platform/database/select-rows.ts";
import type { EnrollmentStatus } from "./enrollment.entity.ts";

/** What the rules J3-J8 need to know beside the seminar itself. */
export interface JoinFacts {
  /** By the database's clock. */
  now: Date;
  isParticipant: boolean;
  isAccepted: boolean;
  isInstructor: boolean;
  /** Where the user stands in this seminar; null: was never in it. */
  enrollmentStatus: EnrollmentStatus | null;
  /** Whether the user leads a SCHEDULED seminar other than this one. */
  isLeadingAnother: boolean;
  /** Whether somebody on the waiting list of this seminar satisfies J4-J7. */
  isSomebodyPromotable: boolean;
}

interface FactsRow {
  seminar_id: string;
  now: string;
  is_participant: boolean;
  is_accepted: boolean;
  is_instructor: boolean;
  enrollment_status: EnrollmentStatus | null;
  is_leading_another: boolean;
  is_somebody_promotable: boolean;
}

/** The facts about one user and one seminar. */
export async function loadJoinFacts(em: EntityManager, userId: string, seminarId: string): Promise<JoinFacts> {
  const [facts] = await loadAllJoinFacts(em, userId, [seminarId]);
  return facts as JoinFacts;
}

/**
 * The facts about one user and several seminars, in one statement, in the order of the ids. It uses the indexes
 * enrollments_one_per_user_and_seminar, enrollments_leads_one_seminar and enrollments_waiting_list.
 */
export async function loadAllJoinFacts(
  em: EntityManager,
  userId: string,
  seminarIds: readonly string[],
): Promise<JoinFacts[]> {
  const rows = await selectRows(
    em,
    sql<FactsRow>`select asked.seminar_id, clock_timestamp() as now,
       users.participant_accepted is not null as is_participant,
       coalesce(users.participant_accepted, false) as is_accepted,
       users.instructor_company is not null as is_instructor,
       mine.status as enrollment_status,
       exists (
         select from enrollments as led
         where led.user_id = users.id and led.role = 'INSTRUCTOR' and led.status = 'ACTIVE'
           and led.led_status = 'SCHEDULED' and led.seminar_id <> asked.seminar_id
       ) as is_leading_another,
       exists (
         select from enrollments as waiting
         join users as candidate on candidate.id = waiting.user_id
         where waiting.seminar_id = asked.seminar_id and waiting.status = 'WAITLISTED'
           and candidate.participant_accepted and candidate.active
       ) as is_somebody_promotable
     from unnest(${seminarIds}::uuid[]) as asked (seminar_id)
     join users on users.id = ${userId}
     left join enrollments as mine on mine.user_id = users.id and mine.seminar_id = asked.seminar_id`,
  );
  const bySeminar = new Map(rows.map((row) => [row.seminar_id, toFacts(row)]));
  return seminarIds.map((id) => {
    const facts = bySeminar.get(id);
    if (!facts) throw new Error(`The user ${userId} is not in the database.`);
    return facts;
  });
}

function toFacts(row: FactsRow): JoinFacts {
  return {
    now: new Date(row.now),
    isParticipant: row.is_participant,
    isAccepted: row.is_accepted,
    isInstructor: row.is_instructor,
    enrollmentStatus: row.enrollment_status,
    isLeadingAnother: row.is_leading_another,
    isSomebodyPromotable: row.is_somebody_promotable,
  };
}
