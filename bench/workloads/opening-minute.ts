import type { Bench } from "../bench.ts";
import { type Contender, throughputGroups } from "../load/throughput.ts";
import { openPlainSql } from "../sites/plain-sql.ts";
import { type Site, seatErrors, type Visit } from "../sites/site.ts";
import { openTextbook } from "../sites/textbook.ts";
import { openThisServer } from "../sites/this-server.ts";
import type { Workload } from "../workload.ts";
import { everybodyJoins, plentyOfSeats, spreadJoins } from "./joins.ts";
import { pick } from "./reads.ts";

const seminars = 1_000;

/** What fifty people in turn do: 45 look, 5 join, one of these the seminar that everybody wants. */
const turns = Array.from({ length: 50 }, (_, turn) => {
  if (turn === 25) return "join the hot one";
  if (turn % 10 === 5) return "join another";
  if (turn % 10 < 5) return "list";
  return turn % 10 < 8 ? "detail" : "viewer page";
});

export const openingMinute: Workload = {
  name: "opening-minute",
  shows:
    "The minute when registration opens: of 50 requests 45 read (25 the list, 10 the popular seminar, 10 the viewer's " +
    "page) and 5 join, one of these the popular seminar.",
  async prepare(bench) {
    const contenders: Contender[] = [];
    for (const open of [openThisServer, openTextbook, openPlainSql]) {
      contenders.push(await mixing(bench, await open(bench)));
    }
    return throughputGroups(bench, "operations/s", contenders);
  },
};

async function mixing(bench: Bench, site: Site): Promise<Contender> {
  await site.fill(bench.options.catalogue);
  const people = await site.makePeople(bench.options.people);
  const joinAnother = spreadJoins(people, await site.openSeminars(seminars, plentyOfSeats));
  let next = 0;
  return {
    site,
    begin: async () => {
      const [hot] = (await site.openSeminars(1, plentyOfSeats)) as [string];
      const joinHot = everybodyJoins(people, hot);
      const before = await site.seats();
      return {
        expected: ["READ", "JOINED"],
        act: (visit) => {
          const turn = next++;
          const person = pick(people, turn);
          switch (turns[turn % turns.length]) {
            case "list":
              return visit.list(person);
            case "detail":
              return visit.detail(person, hot);
            case "viewer page":
              return visit.viewerPage(person);
            case "join another":
              return join(visit, joinAnother());
            default:
              return join(visit, joinHot());
          }
        },
        check: async ({ outcomes }) => seatErrors(before, await site.seats(), outcomes.JOINED ?? 0),
      };
    },
  };
}

async function join(visit: Visit, next: ReturnType<ReturnType<typeof everybodyJoins>>): Promise<string | null> {
  return next && (await visit.join(next.person, next.seminarId)).outcome;
}
