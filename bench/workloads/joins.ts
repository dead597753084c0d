import type { Person } from "../data/people.ts";
import type { Activity, Contender } from "../load/throughput.ts";
import { type Site, seatErrors } from "../sites/site.ts";

/** More than anybody fills. */
export const plentyOfSeats = 100_000;

/** What people do next, such as who joins which seminar; null: there is nobody left. */
export type NextJoin = () => { person: Person; seminarId: string } | null;

/** People join where nobody is refused, and as many seats are taken as people were told. */
export function joining(site: Site, begin: () => Promise<NextJoin>): Contender {
  return {
    site,
    begin: async (): Promise<Activity> => {
      const next = await begin();
      const before = await site.seats();
      return {
        expected: ["JOINED"],
        act: async (visit) => {
          const join = next();
          return join && (await visit.join(join.person, join.seminarId)).outcome;
        },
        check: async ({ outcomes }) => seatErrors(before, await site.seats(), outcomes.JOINED ?? 0),
      };
    },
  };
}

/** Everybody joins one seminar, one after the other. */
export function everybodyJoins(people: readonly Person[], seminarId: string): NextJoin {
  let next = 0;
  return () => {
    const person = people[next++];
    return person ? { person, seminarId } : null;
  };
}

/** Everybody joins one seminar after the other, so that neighbours in time are in different ones and no pair repeats. */
export function spreadJoins(people: readonly Person[], seminarIds: readonly string[]): NextJoin {
  let next = 0;
  return () => {
    const person = people[next % people.length];
    const round = Math.floor(next / people.length);
    const seminarId = seminarIds[(next + round) % seminarIds.length];
    next++;
    return person && seminarId && round < seminarIds.length ? { person, seminarId } : null;
  };
}
