import { sql } from "kysely";
import { requireViewer } from "../platform/auth/require-viewer.ts";
import { asFilter } from "../platform/database/sql/hidden-from-index.ts";
import { preparedRows } from "../platform/database/sql/prepared-rows.ts";
import { readSnapshots, type Snapshot } from "../platform/database/sql/read-snapshots.ts";
import { byKey, found } from "../platform/graphql/server/loaders.ts";
import { Enrollment } from "./enrollment.entity.ts";
import { type JoinFacts, loadJoinFacts } from "./joining/join-facts.ts";

const itself = (id: string) => id;

/** The instructors' enrollments by seminar, in the order of joining. By index enrollments_instructors. */
export const instructorsBySeminar = byKey<string, Snapshot<Enrollment>[]>(itself, async (context, seminarIds) => {
  const rows = await readSnapshots(
    context.em,
    Enrollment,
    sql`where seminar_id = any(${seminarIds}::uuid[]) and role = 'INSTRUCTOR' and status = 'ACTIVE' order by sequence`,
  );
  const bySeminar = Map.groupBy(rows, (row) => row.seminarId);
  return seminarIds.map((id) => bySeminar.get(id) ?? []);
});

/** The viewer's own enrollment by seminar, whatever its status. By index enrollments_one_per_user_and_seminar. */
export const viewerEnrollmentBySeminar = byKey<string, Snapshot<Enrollment> | null>(
  itself,
  async (context, seminarIds) => {
    const { id } = requireViewer(context);
    const rows = await readSnapshots(
      context.em,
      Enrollment,
      sql`where user_id = ${id} and seminar_id = any(${seminarIds}::uuid[])`,
    );
    const bySeminar = new Map(rows.map((row) => [row.seminarId, row]));
    return seminarIds.map((id) => bySeminar.get(id) ?? null);
  },
);

/** What the rules of joining need to know about the viewer, by seminar. The viewer must be logged in. */
export const joinFactsBySeminar = byKey<string, JoinFacts>(itself, async (context, seminarIds) => {
  const { id: userId } = requireViewer(context);
  const facts = await loadJoinFacts(
    context.em,
    seminarIds.map((seminarId) => ({ userId, seminarId })),
  );
  return facts.map(found);
});

/**
 * The place on the waiting list, from 1 without gaps (D6), by WAITLISTED enrollment. By index enrollments_waiting_list, of
 * which it reads these seminars' lists, and nothing else.
 */
export const waitlistPositionByEnrollment = byKey<Snapshot<Enrollment>, number | null>(
  (enrollment) => enrollment.id,
  async (context, enrollments) => {
    const seminarIds = [...new Set(enrollments.map((one) => one.seminarId))];
    const rows = await preparedRows(
      context.em,
      sql<{ id: string; position: string }>`select id, position from (
         select id, row_number() over (partition by seminar_id order by sequence) as position
         from enrollments where status = 'WAITLISTED' and seminar_id = any(${seminarIds}::uuid[])
       ) as waiting where id = any(${enrollments.map((one) => one.id)}::uuid[])`,
    );
    const positions = new Map(rows.map((row) => [row.id, Number(row.position)]));
    return enrollments.map((one) => positions.get(one.id) ?? null);
  },
);

/** Whether the viewer instructs a seminar in which the user is ACTIVE or WAITLISTED (A5), by user. */
export const isInstructedByViewer = byKey<string, boolean>(itself, async (context, userIds) => {
  const rows = await preparedRows(
    context.em,
    sql<{ user_id: string }>`select distinct theirs.user_id
     from enrollments as mine
     join enrollments as theirs on theirs.seminar_id = mine.seminar_id
     where mine.user_id = ${requireViewer(context).id} and ${asFilter("mine.role")} = 'INSTRUCTOR'
       and mine.status = 'ACTIVE'
       and theirs.user_id = any(${userIds}::uuid[]) and theirs.status in ('ACTIVE', 'WAITLISTED')`,
  );
  const instructed = new Set(rows.map((row) => row.user_id));
  return userIds.map((id) => instructed.has(id));
});
