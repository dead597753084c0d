import type { TestDatabase } from "./database.ts";

type Database = Pick<TestDatabase, "sql">;

/** What must hold at any time, each as a statement whose rows are the breaches. */
const invariants: Record<string, string> = {
  "the counters are the numbers of rows": `
    select seminars.id, participant_count, waitlist_count, counted.* from seminars
    cross join lateral (
      select count(*) filter (where role = 'PARTICIPANT' and status = 'ACTIVE') as participants,
        count(*) filter (where status = 'WAITLISTED') as waiting
      from enrollments where seminar_id = seminars.id
    ) as counted
    where participant_count <> participants or waitlist_count <> waiting`,
  "nothing is overbooked": "select id from seminars where participant_count > capacity or participant_count < 0",
  "nobody leads two seminars": `
    select user_id from enrollments join seminars on seminars.id = seminar_id
    where role = 'INSTRUCTOR' and enrollments.status = 'ACTIVE' and seminars.status = 'SCHEDULED'
    group by user_id having count(*) > 1`,
  "nobody is in a seminar twice": `
    select user_id, seminar_id from enrollments group by user_id, seminar_id having count(*) > 1`,
  "who dropped did so at some time": `
    select id from enrollments where (status = 'DROPPED') <> (dropped_at is not null)`,
  "only participants wait or drop": `
    select id from enrollments where role = 'INSTRUCTOR' and status <> 'ACTIVE'`,
  "nobody waits for a seminar that does not take place": `
    select enrollments.id from enrollments join seminars on seminars.id = seminar_id
    where enrollments.status = 'WAITLISTED' and seminars.status <> 'SCHEDULED'`,
};

/** The invariants that do not hold, with the rows that break them. */
export async function brokenInvariants(database: Database): Promise<Record<string, object[]>> {
  const broken: Record<string, object[]> = {};
  for (const [name, statement] of Object.entries(invariants)) {
    const rows = await database.sql(statement);
    if (rows.length > 0) broken[name] = rows;
  }
  return broken;
}
