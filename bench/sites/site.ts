import type { Person } from "../data/people.ts";
import type { Program } from "../processes/program.ts";
import type { Errors } from "../workload.ts";

/** Something where people look at seminars and join them: this server, or one of the references. */
export interface Site {
  readonly name: string;
  /** Whether others are compared with it. */
  readonly isReference: boolean;
  /** The process, unless there is none. */
  readonly program?: Program;
  /** New people who are logged in. */
  makePeople(count: number): Promise<Person[]>;
  /** New seminars that can be joined now; their ids. */
  openSeminars(count: number, capacity: number): Promise<string[]>;
  /** Fills it with so many enrollments, 50 in each seminar and 10 of each person. */
  fill(enrollments: number): Promise<Catalogue>;
  /** Opens a connection. */
  visit(): Promise<Visit>;
  /** Counts what is in the database. */
  seats(): Promise<Seats>;
}

/** What a filled site has. */
export interface Catalogue {
  /** The newest seminars. */
  readonly seminarIds: readonly string[];
  /** Some of the people, logged in. */
  readonly members: readonly Person[];
}

/** One person's connection. */
export interface Visit {
  /** Tries to get a seat. */
  join(person: Person, seminarId: string): Promise<JoinAnswer>;
  /** Each of these tells `READ`, or a code when the answer is not what was asked for. */
  list(person: Person): Promise<string>;
  detail(person: Person, seminarId: string): Promise<string>;
  viewerPage(person: Person): Promise<string>;
  close(): Promise<void>;
}

export interface JoinAnswer {
  /** `JOINED`, the code of a refusal, or the code of an error. */
  readonly outcome: string;
  /** With an error: when to try again. */
  readonly retryAfterMs?: number;
}

/** The truth about the seats, as the rows tell it. */
export interface Seats {
  readonly taken: number;
  /** Seminars with more people than seats. */
  readonly overbooked: number;
  /** Seminars whose counter is not the number of their rows. */
  readonly miscounted: number;
}

/** Whether as many seats are taken as people were told, and nothing is overbooked. */
export function seatErrors(before: Seats, after: Seats, told: number): Errors {
  const taken = after.taken - before.taken;
  return {
    ...(taken !== told && { [`${taken} seats taken, ${told} people told so`]: 1 }),
    ...(after.overbooked > 0 && { "seminar overbooked": after.overbooked }),
    ...(after.miscounted > 0 && { "seminar miscounted": after.miscounted }),
  };
}
