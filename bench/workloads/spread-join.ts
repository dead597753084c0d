import { throughputGroups } from "../load/throughput.ts";
import { openPlainSql } from "../sites/plain-sql.ts";
import { openTextbook } from "../sites/textbook.ts";
import { openThisServer } from "../sites/this-server.ts";
import type { Workload } from "../workload.ts";
import { joining, plentyOfSeats, spreadJoins } from "./joins.ts";

const seminars = 1_000;

export const spreadJoin: Workload = {
  name: "spread-join",
  shows: "People join 1,000 seminars in turns, with a seat for everyone.",
  async prepare(bench) {
    const contenders = [];
    for (const open of [openThisServer, openTextbook, openPlainSql]) {
      const site = await open(bench);
      const people = await site.makePeople(bench.options.people);
      // Nobody comes back to a seminar: the runs go on where the one before ended.
      const next = spreadJoins(people, await site.openSeminars(seminars, plentyOfSeats));
      contenders.push(joining(site, async () => next));
    }
    return throughputGroups(bench, "joins/s", contenders);
  },
};
