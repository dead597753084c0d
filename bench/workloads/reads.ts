import type { Bench } from "../bench.ts";
import { type Contender, throughputGroups } from "../load/throughput.ts";
import { openPlainSql } from "../sites/plain-sql.ts";
import type { Catalogue, Site, Visit } from "../sites/site.ts";
import { openTextbook } from "../sites/textbook.ts";
import { openThisServer } from "../sites/this-server.ts";
import type { Group, Workload } from "../workload.ts";

export const list: Workload = {
  name: "list",
  shows: "People who are logged in load the newest 20 seminars, with their instructors and counts.",
  prepare: (bench) => reading(bench, (visit, { members }, n) => visit.list(pick(members, n))),
};

export const detail: Workload = {
  name: "detail",
  shows: "People who are logged in look at one of ten seminars, with the 50 people who take part in it.",
  prepare: (bench) =>
    reading(bench, (visit, { members, seminarIds }, n) => visit.detail(pick(members, n), pick(seminarIds, n))),
};

export const viewerPage: Workload = {
  name: "viewer-page",
  shows: "People look at their own page: the account, and the ten seminars that they are in.",
  prepare: (bench) => reading(bench, (visit, { members }, n) => visit.viewerPage(pick(members, n))),
};

/** One of them; every one in turn. */
export function pick<T>(all: readonly T[], n: number): T {
  return all[n % all.length] as T;
}

/** The n-th read of a contender. */
type Read = (visit: Visit, catalogue: Catalogue, n: number) => Promise<string>;

async function reading(bench: Bench, read: Read): Promise<Group[]> {
  const sites: Site[] = [
    await openThisServer(bench),
    await openThisServer(bench, { name: "this server, shared reads off", variables: { SHARED_READ_MS: "0" } }),
    await openTextbook(bench),
    await openPlainSql(bench),
  ];
  const contenders: Contender[] = [];
  for (const site of sites) {
    const catalogue = await site.fill(bench.options.catalogue);
    let next = 0;
    const act = (visit: Visit) => read(visit, catalogue, next++);
    contenders.push({ site, begin: async () => ({ expected: ["READ"], act }) });
  }
  return throughputGroups(bench, "reads/s", contenders);
}
