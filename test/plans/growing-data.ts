import type pg from "pg";

const peoplePerSeminar = 50;
const seminarsPerPerson = 10;

/** The tables that grow. */
const tables = ["users", "sessions", "seminars", "enrollments"];

/**
 * Statements that add seminars with 50 people in each, who are in 10 seminars each. The seminars are older than those that
 * are there, the ids of the people stand between those of the others, and all rows lie apart, as when people join in real
 * life. What belongs to those who were there before stays as it was.
 */
export function moreSeminars(count: number): string[] {
  const people = (count * peoplePerSeminar) / seminarsPerPerson;
  return [
    "drop table if exists new_people, new_instructors, new_seminars",
    `create temporary table new_people as
     select n as number, uuidv7(random() * interval '-1 day') as id from generate_series(0, ${people - 1}) as n`,
    `create temporary table new_instructors as
     select n as number, uuidv7(random() * interval '-1 day') as id from generate_series(0, ${count - 1}) as n`,
    `create temporary table new_seminars as
     select n as number, uuidv7((n + 1 + older.count) * interval '-10 seconds') as id
     from generate_series(0, ${count - 1}) as n, (select count(*) from seminars) as older`,
    "analyze new_people, new_instructors, new_seminars",
    `insert into users (id, username, email, password_hash, locale, participant_university, participant_accepted, created_at)
     select id, 'person-' || substr(id::text, 10), id || '@example.com', '!', 'EN', 'Seoul', true, now()
     from new_people order by random()`,
    `insert into users (id, username, email, password_hash, locale, instructor_company, created_at)
     select id, 'leader-' || substr(id::text, 10), id || '@example.com', '!', 'EN', 'Waffle', now()
     from new_instructors order by random()`,
    `insert into sessions (id, user_id, created_at, expires_at)
     select uuidv7(random() * interval '-1 day'), id, now(), now() + interval '14 days'
     from (select id from new_people union all select id from new_instructors) as person order by random()`,
    `insert into sessions (id, user_id, created_at, expires_at, ended_at)
     select uuidv7(random() * interval '-1 day'), id, now() - interval '1 day', now(), now() - interval '1 hour'
     from new_people order by random()`,
    `insert into seminars (id, name, capacity, session_count, time, online, participant_count, created_at)
     select id, 'Seminar ' || number, 20000, 6, '18:30', true, ${peoplePerSeminar}, now()
     from new_seminars order by random()`,
    `insert into enrollments (id, seminar_id, user_id, role, status, led_status, joined_at)
     select uuidv7(random() * interval '-1 day'), seminar.id, leader.id, 'INSTRUCTOR', 'ACTIVE', 'SCHEDULED', now()
     from new_seminars as seminar join new_instructors as leader using (number) order by random()`,
    // 7,919 is a prime that divides none of the numbers of people: nobody comes to a seminar twice.
    `insert into enrollments (id, seminar_id, user_id, role, status, joined_at)
     select uuidv7(random() * interval '-1 day'), seminar.id, person.id, 'PARTICIPANT', 'ACTIVE', now()
     from generate_series(0::bigint, ${count * peoplePerSeminar - 1}) as n
     join new_seminars as seminar on seminar.number = n / ${peoplePerSeminar}
     join new_people as person on person.number = n * 7919 % ${people} order by random()`,
  ];
}

/**
 * Statements that let so many more people come to each of these seminars, and so many more wait for it. Seminars and people
 * are those that were added last, who have their numbers; each person comes to one of them.
 */
export function crowds(from: number, to: number, { seats, waiting }: { seats: number; waiting: number }): string[] {
  const newcomers = seats + waiting;
  return [
    `insert into enrollments (id, seminar_id, user_id, role, status, joined_at)
     select uuidv7(), seminar.id, person.id, 'PARTICIPANT', case when place <= ${seats} then 'ACTIVE' else 'WAITLISTED' end, now()
     from new_seminars as seminar
     cross join generate_series(1, ${newcomers}) as place
     join new_people as person on person.number = (seminar.number - ${from}) * ${newcomers} + place
     where seminar.number between ${from} and ${to}
       and not exists (select from enrollments as mine where mine.user_id = person.id and mine.seminar_id = seminar.id)
     order by place`,
    countAnew,
  ];
}

/** Sets the counters of all seminars to what the enrollments say: nobody counts those that are written in bulk. */
export const countAnew = `update seminars set participant_count = counted.participants, waitlist_count = counted.waiting
   from (
     select seminar_id, count(*) filter (where role = 'PARTICIPANT' and status = 'ACTIVE') as participants,
       count(*) filter (where status = 'WAITLISTED') as waiting
     from enrollments group by seminar_id
   ) as counted where seminars.id = counted.seminar_id`;

/** PostgreSQL goes on believing of these tables what it does, unless it is told to look. */
export async function keepStatistics(client: pg.Client): Promise<void> {
  for (const table of tables) await client.query(`alter table ${table} set (autovacuum_enabled = false)`);
}

/** As if the tables had never been analyzed. */
export async function forgetStatistics(client: pg.Client): Promise<void> {
  await client.query("delete from pg_statistic where starelid = any($1::regclass[])", [tables]);
  await client.query(
    `select pg_clear_relation_stats('public', relname) from pg_class
     where oid = any($1::regclass[]) or oid in (select indexrelid from pg_index where indrelid = any($1::regclass[]))`,
    [tables],
  );
}
