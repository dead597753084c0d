import type { Bench } from "../bench.ts";
import { fill, insertOpenSeminars, type TableColumns } from "../data/fill.ts";
import { insertUsers, logIn, type Person } from "../data/people.ts";
import type { Database } from "../processes/database.ts";
import type { Program } from "../processes/program.ts";
import { type GraphDialect, GraphVisit } from "./graph-visit.ts";
import { countedSeats } from "./plain-sql.ts";
import type { Catalogue, Seats, Site } from "./site.ts";

/** The same service written as the manuals of its libraries teach it: `bench/textbook/`, on a database of its own. */
export async function openTextbook(bench: Bench, { isLocking = true } = {}): Promise<Textbook> {
  const database = await bench.emptyDatabase();
  const program = await bench.startReference("textbook", database, isLocking ? [] : ["--without-lock"]);
  return new Textbook(bench, database, program, isLocking ? "textbook" : "textbook without its lock");
}

export class Textbook implements Site {
  readonly isReference = true;

  constructor(
    private readonly bench: Bench,
    private readonly database: Database,
    readonly program: Program,
    readonly name: string,
  ) {}

  async makePeople(count: number): Promise<Person[]> {
    return await logIn(this.bench.secret, await insertUsers(this.database, count, {}));
  }

  openSeminars(count: number, capacity: number): Promise<string[]> {
    return insertOpenSeminars(this.database, count, capacity, {});
  }

  async fill(enrollments: number): Promise<Catalogue> {
    const { newestSeminarIds, someUserIds } = await fill(this.database, enrollments, columns);
    return { seminarIds: newestSeminarIds, members: await logIn(this.bench.secret, someUserIds) };
  }

  visit(): Promise<GraphVisit> {
    return GraphVisit.open(this.program.origin, dialect);
  }

  seats(): Promise<Seats> {
    return countedSeats(this.database);
  }
}

const columns: TableColumns = {
  participants: {},
  instructors: {},
  seminars: {},
  enrollments: {},
  leads: {},
  hasCounter: false,
};

const dialect: GraphDialect = {
  join: "mutation Join($seminarId: ID!) { joinSeminar(seminarId: $seminarId) { id seminar { participantCount } } }",
  list: `query List {
    seminars {
      id name time capacity participantCount
      instructors { id user { id username firstName lastName } }
    }
  }`,
  detail: `query Detail($id: ID!) {
    seminar(id: $id) {
      id name time capacity participantCount
      instructors { id user { id username firstName lastName } }
      participants { id joinedAt user { id username firstName lastName } }
    }
  }`,
  viewerPage: `query ViewerPage {
    viewer { id username email firstName lastName enrollments { id role joinedAt seminar { id name time } } }
  }`,
  variablesOfJoin: (seminarId) => ({ seminarId }),
  outcomeOfJoin: () => "JOINED",
};
