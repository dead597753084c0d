import pg from "pg";
import { inBulk } from "../../bench/data/in-bulk.ts";
import type { TestDatabase } from "../support/database.ts";
import { countAnew } from "./growing-data.ts";

/** Rows to ask for in the large data. */
export interface MillionEnrollments {
  /** A seminar with 20,000 enrollments; the others have about 100. */
  largestSeminarId: string;
  seminarId: string;
  /** In 10 seminars, as everybody is. */
  userId: string;
}

/** 100,000 users, 10,000 seminars and 1,000,000 enrollments, as at a university after some years. */
export async function makeMillionEnrollments(database: TestDatabase): Promise<MillionEnrollments> {
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  try {
    const sql = (statement: string) => client.query(statement);
    await inBulk(sql, async () => {
      for (const statement of statements) await sql(statement);
    });
    await client.query("vacuum analyze");
    const ids = async (statement: string) => (await client.query<{ id: string }>(statement)).rows.map((row) => row.id);
    const [largestSeminarId, seminarId] = await ids("select id from seminars order by participant_count desc limit 2");
    const [userId] = await ids("select id from users where username = 'person-4711'");
    return { largestSeminarId, seminarId, userId } as MillionEnrollments;
  } finally {
    await client.end();
  }
}

const statements = [
  // A third have no names; person-77777 has one that nobody else has.
  `insert into users (id, username, email, first_name, last_name, password_hash, locale, active, staff_role,
     participant_university, participant_accepted, instructor_company, created_at)
   select uuidv7(n * interval '1 second' - interval '2 days'), 'person-' || n, 'person-' || n || '@example.com',
     case when n = 77777 then '유일' when n % 3 > 0 then (array['민준', '서연', 'Ada', '도윤', 'Grace', 'Zoë', '지우'])[1 + n % 7] end,
     case when n = 77777 then '한' when n % 3 > 0 then (array['김', '이', 'Kim', 'Lovelace', '박', '최', '정', 'Hopper', '강', '조', '윤'])[1 + n % 11] end,
     '!', 'KO', n % 500 > 0, case when n % 5000 = 0 then 'VIEWER' end, 'Seoul', n % 500 <> 1,
     case when n % 100 = 0 then 'Waffle' end, now()
   from generate_series(1, 100000) as n`,
  `insert into seminars (id, name, capacity, session_count, time, online, status, starts_on, created_at)
   select uuidv7(n * interval '1 second' - interval '1 day'),
     (array['Graphs', '세미나', 'Ada in depth', '웹 개발', 'Études'])[1 + n % 5] || ' ' || n, 20000 + n % 300, 6, '18:30',
     n % 2 = 0, case when n % 10 = 0 then 'FINISHED' when n % 1000 = 1 then 'CANCELLED' else 'SCHEDULED' end,
     case when n % 4 > 0 then date '2030-01-01' + n % 365 end, now()
   from generate_series(1, 10000) as n`,
  `create temporary table numbered_users as select id, row_number() over (order by id) as number from users`,
  `create temporary table numbered_seminars as
   select id, status, row_number() over (order by id) as number from seminars`,
  "analyze numbered_users, numbered_seminars",
  // Who is in which seminar, and how, has nothing to do with each other; but nobody is twice in one, or leads two.
  `insert into enrollments (id, seminar_id, user_id, role, status, led_status, dropped_at, joined_at)
   select uuidv7(n * interval '10 milliseconds' - interval '12 hours'), seminar.id, person.id,
     case when n % 100 = 0 then 'INSTRUCTOR' else 'PARTICIPANT' end,
     case when n % 100 = 0 then 'ACTIVE' when n % 19 = 1 then 'DROPPED' when n % 499 = 1 then 'WAITLISTED' else 'ACTIVE' end,
     case when n % 100 = 0 then seminar.status end, case when n % 100 > 0 and n % 19 = 1 then now() end, now()
   from generate_series(1, 1000000) as n
   join numbered_seminars as seminar
     on seminar.number = case when n % 5 = 2 and n <= 100000 then 1 else 2 + (n * 7919::bigint + n / 100) % 9999 end
   join numbered_users as person on person.number = 1 + (n * 31::bigint + n / 100000) % 100000
   order by n`,
  countAnew,
];
