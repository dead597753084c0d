import type { Bench } from "../bench.ts";
import { fill, insertOpenSeminars, type TableColumns } from "../data/fill.ts";
import { insertUsers, logIn, type Person, storeSessions } from "../data/people.ts";
import type { Database } from "../processes/database.ts";
import type { Program } from "../processes/program.ts";
import { type GraphDialect, GraphVisit } from "./graph-visit.ts";
import type { Catalogue, Seats, Site } from "./site.ts";

export interface ThisServerOptions {
  name?: string;
  isReference?: boolean;
  /** Variables of the server that differ from those of the bench. */
  variables?: Readonly<Record<string, string>>;
}

/** This server, on a database of its own. */
export async function openThisServer(bench: Bench, options: ThisServerOptions = {}): Promise<ThisServer> {
  const database = await bench.database();
  const program = await bench.startServer(database, options.variables);
  return new ThisServer(bench, database, program, options);
}

export class ThisServer implements Site {
  readonly name: string;
  readonly isReference: boolean;

  constructor(
    private readonly bench: Bench,
    readonly database: Database,
    readonly program: Program,
    { name = "this server", isReference = false }: ThisServerOptions,
  ) {
    this.name = name;
    this.isReference = isReference;
  }

  async makePeople(count: number): Promise<Person[]> {
    return await this.logIn(await insertUsers(this.database, count, columns.participants));
  }

  /** Sessions for users who are there. */
  logIn(userIds: readonly string[]): Promise<Person[]> {
    return logIn(this.bench.secret, userIds, (sessions) => storeSessions(this.database, sessions));
  }

  openSeminars(count: number, capacity: number): Promise<string[]> {
    return insertOpenSeminars(this.database, count, capacity, columns.seminars);
  }

  async fill(enrollments: number): Promise<Catalogue> {
    const { newestSeminarIds, someUserIds } = await fill(this.database, enrollments, columns);
    return { seminarIds: newestSeminarIds, members: await this.logIn(someUserIds) };
  }

  visit(): Promise<GraphVisit> {
    return GraphVisit.open(this.program.origin, dialect);
  }

  /** How many seats of these seminars are taken. */
  async takenIn(seminarIds: readonly string[]): Promise<number> {
    const { taken } = await this.database.one<{ taken: number }>(
      `select count(*)::integer as taken from enrollments
       where seminar_id = any ($1) and role = 'PARTICIPANT' and status = 'ACTIVE'`,
      [seminarIds],
    );
    return taken;
  }

  /** Takes out the jobs that nobody does meanwhile, so that every run begins with an empty queue. */
  async emptyQueue(): Promise<void> {
    await this.database.sql("truncate graphile_worker._private_jobs");
  }

  async seats(): Promise<Seats> {
    await this.emptyQueue();
    return await this.database.one<Seats>(`
      select coalesce(sum(taken), 0)::integer as taken, count(*) filter (where taken > capacity)::integer as overbooked,
        count(*) filter (where taken <> participant_count)::integer as miscounted
      from (
        select seminars.capacity, participant_count, count(enrollments.id) as taken from seminars
        left join enrollments on seminar_id = seminars.id and role = 'PARTICIPANT' and enrollments.status = 'ACTIVE'
        group by seminars.id
      ) as each`);
  }
}

const columns: TableColumns = {
  participants: {
    password_hash: "'!'",
    locale: "'EN'",
    participant_university: "'Seoul'",
    participant_accepted: "true",
    created_at: "now()",
  },
  instructors: { password_hash: "'!'", locale: "'EN'", instructor_company: "'Waffle'", created_at: "now()" },
  seminars: { session_count: "6", online: "true", created_at: "now()" },
  enrollments: { status: "'ACTIVE'" },
  leads: { status: "'ACTIVE'", led_status: "'SCHEDULED'" },
  hasCounter: true,
};

const dialect: GraphDialect = {
  join: `mutation Join($input: JoinSeminarInput!) {
    joinSeminar(input: $input) {
      ... on JoinSeminarSuccess { enrollment { id } seminar { participantCount } }
      ... on JoinSeminarRefusal { code seminar { participantCount } }
    }
  }`,
  list: `query List {
    seminars(first: 20) {
      nodes {
        id name time capacity participantCount remainingSeats
        instructors { id user { id username firstName lastName } }
      }
      pageInfo { hasNextPage endCursor }
    }
  }`,
  detail: `query Detail($id: ID!) {
    seminar(id: $id) {
      id name time capacity participantCount remainingSeats
      instructors { id user { id username firstName lastName } }
      participants(first: 50) {
        nodes { id joinedAt user { id username firstName lastName } }
        pageInfo { hasNextPage endCursor }
      }
    }
  }`,
  viewerPage: `query ViewerPage {
    viewer {
      id username email firstName lastName
      enrollments(first: 20) {
        nodes { id role joinedAt seminar { id name time } }
        pageInfo { hasNextPage endCursor }
      }
    }
  }`,
  variablesOfJoin: (seminarId) => ({ input: { seminarId } }),
  outcomeOfJoin: ({ joinSeminar }) => (joinSeminar as { code?: string }).code ?? "JOINED",
};
