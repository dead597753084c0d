import type { TestDatabase } from "../support/database.ts";

/** Rows that stand for the rest: each has much more than the others of its kind. */
export interface LargeData {
  /** A seminar with 10,000 participants and 500 people on the waiting list. */
  seminarId: string;
  /** A participant of 1,500 seminars. */
  userId: string;
  /** An instructor of the seminar. */
  instructorId: string;
  /** Someone who is in no seminar. */
  strangerId: string;
  /** All seminars, oldest first. */
  seminarIds: string[];
}

/**
 * About 20,000 users, 2,000 seminars and 210,000 enrollments, written with every constraint and trigger in force, in
 * an order that has nothing to do with who or what they belong to, as people join in real life.
 */
export async function makeLargeData(database: TestDatabase): Promise<LargeData> {
  for (const statement of statements) await database.sql(statement);
  const ids = async (statement: string) => (await database.sql<{ id: string }>(statement)).map((row) => row.id);
  const seminarIds = await ids("select id from seminars order by id");
  const [userId, strangerId, instructorId] = (await ids(
    `select id from users where username in ('person-1', 'stranger', 'instructor-1')
     order by array_position(array['person-1', 'stranger', 'instructor-1'], username)`,
  )) as [string, string, string];
  return { seminarId: seminarIds[0] as string, userId, instructorId, strangerId, seminarIds };
}

const user = `insert into users
  (id, username, email, password_hash, locale, participant_university, participant_accepted, instructor_company, created_at)`;

const statements = [
  `${user} select uuidv7(n * interval '1 second' - interval '1 day'), 'person-' || n, 'person-' || n || '@example.com',
     '!', 'EN', 'Seoul', n % 50 > 0, null, now()
   from generate_series(1, 20000) as n`,
  `${user} select uuidv7(), 'instructor-' || n, 'instructor-' || n || '@example.com', '!', 'EN', null, null, 'Waffle', now()
   from generate_series(1, 2000) as n`,
  `${user} values (uuidv7(), 'stranger', 'stranger@example.com', '!', 'EN', '', true, null, now())`,
  `insert into sessions (id, user_id, created_at, expires_at)
   select uuidv7(), id, now(), now() + interval '14 days' from users`,
  `insert into seminars (id, name, capacity, session_count, time, online, status, created_at)
   select uuidv7(n * interval '1 second' - interval '1 day'), 'Seminar ' || n, 20000, 6, '18:30', n % 2 = 0,
     case when n % 10 = 0 then 'FINISHED' else 'SCHEDULED' end, now()
   from generate_series(1, 2000) as n`,
  // Numbers to choose users and seminars by.
  `create temporary table numbered_users as
   select id, substring(username from '\\d+$')::integer as number from users where username like 'person-%'`,
  `create temporary table numbered_seminars as
   select id, status, substring(name from '\\d+$')::integer as number from seminars`,
  `insert into enrollments (id, seminar_id, user_id, role, status, led_status, joined_at)
   select uuidv7(), numbered_seminars.id, users.id, 'INSTRUCTOR', 'ACTIVE', numbered_seminars.status, now()
   from numbered_seminars join users on users.username = 'instructor-' || numbered_seminars.number`,
  // 199 is coprime to 20,000: nobody comes twice to a seminar.
  `insert into enrollments (id, seminar_id, user_id, role, status, dropped_at, joined_at)
   select uuidv7(), seminar_id, user_id, 'PARTICIPANT', status, case when status = 'DROPPED' then now() end, now()
   from (
     select seminar.id as seminar_id, person.id as user_id,
       case when place % 20 = 0 then 'DROPPED' when place % 25 = 1 then 'WAITLISTED' else 'ACTIVE' end as status
     from numbered_seminars as seminar
     cross join generate_series(1, 99) as place
     join numbered_users as person on person.number = (seminar.number * 7 + place * 199) % 20000 + 1
     where seminar.number > 1 and person.number > 1
     union
     select seminar.id, person.id, case when person.number > 10000 then 'WAITLISTED' else 'ACTIVE' end
     from numbered_seminars as seminar join numbered_users as person on person.number <= 10500
     where seminar.number = 1
     union
     select seminar.id, person.id, 'ACTIVE'
     from numbered_seminars as seminar join numbered_users as person on person.number = 1
     where seminar.number between 2 and 1500
   ) as joining order by hashtext(seminar_id::text || user_id::text)`,
  "analyze",
];
