import { throughputGroups } from "../load/throughput.ts";
import { openPlainSql } from "../sites/plain-sql.ts";
import { openTextbook } from "../sites/textbook.ts";
import { openThisServer } from "../sites/this-server.ts";
import type { Workload } from "../workload.ts";
import { everybodyJoins, joining, plentyOfSeats } from "./joins.ts";

export const hotJoin: Workload = {
  name: "hot-join",
  shows: "Everybody joins one seminar. It is a new seminar for each run, with a seat for everyone.",
  async prepare(bench) {
    const contenders = [];
    for (const open of [openThisServer, openTextbook, openPlainSql]) {
      const site = await open(bench);
      const people = await site.makePeople(bench.options.people);
      const begin = async () => {
        const [seminarId] = await site.openSeminars(1, plentyOfSeats);
        return everybodyJoins(people, seminarId as string);
      };
      contenders.push(joining(site, begin));
    }
    return throughputGroups(bench, "joins/s", contenders);
  },
};
