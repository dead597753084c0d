import { v7 as uuidv7 } from "uuid";
import type { Database } from "../processes/database.ts";
import { inBulk, type Sql } from "./in-bulk.ts";
import type { ExtraColumns } from "./people.ts";

const peoplePerSeminar = 50;
const seminarsPerPerson = 10;
/** How many rows one statement inserts. */
const batchSize = 500_000;
/** A prime that divides none of the numbers of people, so that nobody comes to the same seminar twice. */
const stride = 7_919;

/** What the tables of a site have beside the common columns. */
export interface TableColumns {
  readonly participants: ExtraColumns;
  readonly instructors: ExtraColumns;
  readonly seminars: ExtraColumns;
  readonly enrollments: ExtraColumns;
  readonly leads: ExtraColumns;
  /** Whether seminars have the counter `participant_count`. */
  readonly hasCounter: boolean;
}

/** What was made, by id. */
export interface Filled {
  readonly newestSeminarIds: readonly string[];
  readonly someUserIds: readonly string[];
}

/**
 * Fills the tables with so many enrollments of participants, 50 in each seminar and 10 of each person, and an
 * instructor for each seminar. Seminars and people grow with the enrollments; what belongs to one of them stays the
 * same. The rows of a seminar lie as far apart as when people join in real life.
 */
export async function fill(database: Database, enrollments: number, columns: TableColumns): Promise<Filled> {
  const seminars = Math.max(1, Math.floor(enrollments / peoplePerSeminar));
  const people = Math.max(peoplePerSeminar, Math.floor(enrollments / seminarsPerPerson));
  await database.inOneConnection(async (sql) => {
    await inBulk(sql, async () => {
      await insertUsersByNumber(sql, "person", people, columns.participants);
      await insertUsersByNumber(sql, "instructor", seminars, columns.instructors);
      await insertSeminars(sql, seminars, columns);
      await sql("analyze numbered_person, numbered_instructor, numbered_seminar");
      await insertLeads(sql, columns.leads);
      for (let from = 0; from < seminars * peoplePerSeminar; from += batchSize) {
        const to = Math.min(from + batchSize, seminars * peoplePerSeminar) - 1;
        await insertEnrollments(sql, { from, to, seminars, people }, columns.enrollments);
      }
    });
    await sql("drop table numbered_person, numbered_instructor, numbered_seminar");
    await sql("vacuum (analyze) users, seminars, enrollments");
  });
  return {
    newestSeminarIds: await database.ids("select id from seminars order by id desc limit 10"),
    someUserIds: await database.ids("select id from users where username like 'person-%' order by id limit 1000"),
  };
}

/** Seminars with no one in them; their ids. */
export async function insertOpenSeminars(
  database: Database,
  count: number,
  capacity: number,
  extra: ExtraColumns,
): Promise<string[]> {
  const ids = Array.from({ length: count }, () => uuidv7());
  await database.sql(
    `insert into seminars (${["id", "name", "capacity", "time", ...Object.keys(extra)]})
     select ${["id", "'A seminar that many want'", "$2", "'18:30'", ...Object.values(extra)]} from unnest($1::uuid[]) as id`,
    [ids, capacity],
  );
  return ids;
}

async function insertUsersByNumber(sql: Sql, kind: string, count: number, extra: ExtraColumns): Promise<void> {
  await sql(`create temporary table numbered_${kind} as select n - 1 as number, ${ageOrderedId(count)} as id
    from generate_series(1, ${count}) as n`);
  await sql(`create index on numbered_${kind} (number)`);
  await sql(
    `insert into users (${["id", "username", "email", "first_name", "last_name", ...Object.keys(extra)]})
     select ${["id", `'${kind}-' || number`, `'${kind}-' || number || '@example.com'`, "'Ada'", "'Lovelace'", ...Object.values(extra)]}
     from numbered_${kind} order by number`,
  );
}

async function insertSeminars(sql: Sql, count: number, { seminars, hasCounter }: TableColumns): Promise<void> {
  await sql(`create temporary table numbered_seminar as select n - 1 as number, ${ageOrderedId(count)} as id
    from generate_series(1, ${count}) as n`);
  await sql("create index on numbered_seminar (number)");
  const all = { ...seminars, ...(hasCounter && { participant_count: String(peoplePerSeminar) }) };
  await sql(
    `insert into seminars (${["id", "name", "capacity", "time", ...Object.keys(all)]})
     select ${["id", "'Seminar ' || number", "100000", "'18:30'", ...Object.values(all)]}
     from numbered_seminar order by number`,
  );
}

async function insertLeads(sql: Sql, extra: ExtraColumns): Promise<void> {
  await sql(
    `insert into enrollments (${["id", "seminar_id", "user_id", "role", "joined_at", ...Object.keys(extra)]})
     select ${["uuidv7()", "seminar.id", "instructor.id", "'INSTRUCTOR'", "now()", ...Object.values(extra)]}
     from numbered_seminar as seminar join numbered_instructor as instructor using (number)`,
  );
}

interface Span {
  from: number;
  to: number;
  seminars: number;
  people: number;
}

/** The n-th enrollment: seminars take turns, and each one's 50 people are different ones. */
async function insertEnrollments(sql: Sql, { from, to, seminars, people }: Span, extra: ExtraColumns): Promise<void> {
  await sql(
    `insert into enrollments (${["id", "seminar_id", "user_id", "role", "joined_at", ...Object.keys(extra)]})
     select ${["uuidv7()", "seminar.id", "person.id", "'PARTICIPANT'", "now()", ...Object.values(extra)]}
     from generate_series(${from}::bigint, ${to}) as n
     join numbered_seminar as seminar on seminar.number = n % ${seminars}
     join numbered_person as person
       on person.number = ((n % ${seminars}) * ${peoplePerSeminar} + n / ${seminars}) * ${stride} % ${people}
     order by n`,
  );
}

/** Ids as if the rows had been made one after the other over the last day. */
function ageOrderedId(count: number): string {
  return `uuidv7((n - ${count}) * interval '1 day' / ${count} - interval '1 second')`;
}
