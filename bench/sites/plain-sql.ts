import pg from "pg";
import { v7 as uuidv7 } from "uuid";
import type { Bench } from "../bench.ts";
import { fill, insertOpenSeminars, type TableColumns } from "../data/fill.ts";
import { insertUsers, type Person } from "../data/people.ts";
import type { Database } from "../processes/database.ts";
import type { Catalogue, JoinAnswer, Seats, Site, Visit } from "./site.ts";

/** The textbook's transaction and the best statements for the pages, sent to PostgreSQL with nothing in between. */
export async function openPlainSql(bench: Bench): Promise<PlainSql> {
  const database = await bench.emptyDatabase();
  for (const statement of tables) await database.sql(statement);
  return new PlainSql(database);
}

const tables = [
  `create table users (id uuid primary key, username text not null unique, email text not null unique,
     first_name text, last_name text)`,
  `create table seminars (id uuid primary key, name text not null, capacity integer not null, time text not null,
     participant_count integer not null default 0) with (fillfactor = 70)`,
  `create table enrollments (id uuid primary key, seminar_id uuid not null references seminars,
     user_id uuid not null references users, role text not null, joined_at timestamptz not null,
     unique (user_id, seminar_id))`,
  "create index on enrollments (seminar_id)",
];

export class PlainSql implements Site {
  readonly name = "plain SQL";
  readonly isReference = true;

  constructor(private readonly database: Database) {}

  async makePeople(count: number): Promise<Person[]> {
    return asPeople(await insertUsers(this.database, count, {}));
  }

  openSeminars(count: number, capacity: number): Promise<string[]> {
    return insertOpenSeminars(this.database, count, capacity, {});
  }

  async fill(enrollments: number): Promise<Catalogue> {
    const { newestSeminarIds, someUserIds } = await fill(this.database, enrollments, columns);
    return { seminarIds: newestSeminarIds, members: asPeople(someUserIds) };
  }

  async visit(): Promise<Visit> {
    const client = new pg.Client({ connectionString: this.database.url });
    client.on("error", () => {});
    await client.connect();
    return new SqlVisit(client);
  }

  async seats(): Promise<Seats> {
    return await countedSeats(this.database, "count(*) filter (where taken <> participant_count)::integer");
  }
}

/** The seats by their rows, where there is no status; `miscounted` tells how the counters are compared, if at all. */
export async function countedSeats(database: Database, miscounted = "0"): Promise<Seats> {
  return await database.one<Seats>(`
    select coalesce(sum(taken), 0)::integer as taken, count(*) filter (where taken > capacity)::integer as overbooked,
      ${miscounted} as miscounted
    from (
      select seminars.*, count(enrollments.id) as taken from seminars
      left join enrollments on seminar_id = seminars.id and role = 'PARTICIPANT' group by seminars.id
    ) as each`);
}

/** Each statement is prepared once for a connection, as by pgbench with `-M prepared`. */
class SqlVisit implements Visit {
  constructor(private readonly client: pg.Client) {}

  async join(person: Person, seminarId: string): Promise<JoinAnswer> {
    await this.client.query("begin");
    try {
      const { rows } = await this.client.query({
        name: "lock",
        text: "select capacity, participant_count from seminars where id = $1 for update",
        values: [seminarId],
      });
      if (rows[0].participant_count >= rows[0].capacity) {
        await this.client.query("rollback");
        return { outcome: "SEMINAR_FULL" };
      }
      await this.client.query({
        name: "enroll",
        text: "insert into enrollments (id, seminar_id, user_id, role, joined_at) values ($1, $2, $3, 'PARTICIPANT', now())",
        values: [uuidv7(), seminarId, person.id],
      });
      await this.client.query({
        name: "count",
        text: "update seminars set participant_count = participant_count + 1 where id = $1",
        values: [seminarId],
      });
      await this.client.query("commit");
      return { outcome: "JOINED" };
    } catch (error) {
      await this.client.query("rollback");
      throw error;
    }
  }

  async list(): Promise<string> {
    return await this.#read("list", `select ${seminarColumns} from seminars order by id desc limit 20`, []);
  }

  async detail(_person: Person, seminarId: string): Promise<string> {
    return await this.#read(
      "detail",
      `select ${seminarColumns}, ${enrolled("PARTICIPANT")} as participants from seminars where id = $1`,
      [seminarId],
    );
  }

  async viewerPage(person: Person): Promise<string> {
    return await this.#read(
      "viewer",
      `select users.*, (
         select json_agg(json_build_object('id', enrollments.id, 'role', role, 'joinedAt', joined_at, 'seminar',
           json_build_object('id', seminars.id, 'name', name, 'time', time)))
         from enrollments join seminars on seminars.id = seminar_id where user_id = users.id
       ) as enrollments from users where id = $1`,
      [person.id],
    );
  }

  async close(): Promise<void> {
    await this.client.end();
  }

  async #read(name: string, text: string, values: unknown[]): Promise<string> {
    const { rowCount } = await this.client.query({ name, text, values });
    return rowCount ? "READ" : "NOTHING_THERE";
  }
}

const seminarColumns = `seminars.*, ${enrolled("INSTRUCTOR")} as instructors`;

function enrolled(role: string): string {
  return `(
    select json_agg(json_build_object('id', enrollments.id, 'joinedAt', joined_at, 'user',
      json_build_object('id', users.id, 'username', username, 'firstName', first_name, 'lastName', last_name)))
    from (
      select * from enrollments where seminar_id = seminars.id and role = '${role}' order by id limit 50
    ) as enrollments join users on users.id = user_id
  )`;
}

function asPeople(ids: readonly string[]): Person[] {
  return ids.map((id) => ({ id, token: "" }));
}

const columns: TableColumns = {
  participants: {},
  instructors: {},
  seminars: {},
  enrollments: {},
  leads: {},
  hasCounter: true,
};
