import type { Bench } from "../bench.ts";
import type { Site, Visit } from "../sites/site.ts";
import type { Errors, Group, Sample } from "../workload.ts";
import { type Client, closedLoop } from "./loops.ts";
import { type LoadResult, unexpected } from "./recorder.ts";

/** One of those that are compared, and what people do there. */
export interface Contender {
  readonly site: Site;
  /** Called before each run; not measured. */
  begin(): Promise<Activity>;
}

/** What happens in one run. */
export interface Activity {
  /** One operation over a connection; null: there is nothing left to do. */
  act(visit: Visit): Promise<string | null>;
  /** The outcomes that are as they should be. */
  readonly expected: readonly string[];
  /** Looks afterwards whether the answers were true. */
  check?(result: LoadResult): Promise<Errors>;
}

/** A group for each number of connections, in which the contenders answer as fast as they can. */
export function throughputGroups(bench: Bench, unit: string, contenders: readonly Contender[]): Group[] {
  return bench.options.connections.map((connections) => ({
    title: connections === 1 ? "1 connection" : `${connections} connections`,
    unit,
    needsWarmUp: true,
    cases: contenders.map(({ site, begin }) => ({
      name: site.name,
      isReference: site.isReference,
      program: site.program,
      run: async (seconds) => measure(bench, site, await begin(), connections, seconds),
    })),
  }));
}

async function measure(
  bench: Bench,
  site: Site,
  activity: Activity,
  connections: number,
  seconds: number,
): Promise<Sample> {
  return await withVisits(site, connections, async (visits) => {
    const clients = visits.map(
      (visit): Client =>
        () =>
          activity.act(visit),
    );
    const before = await site.program?.processorMs();
    const result = await closedLoop(clients, seconds, bench.signal);
    const after = await site.program?.processorMs();
    const { latenciesMs, outcomes } = result;
    const errors = { ...unexpected(outcomes, activity.expected), ...(await activity.check?.(result)) };
    const answered = activity.expected.reduce((sum, outcome) => sum + (outcomes[outcome] ?? 0), 0);
    return {
      value: result.seconds > 0 ? answered / result.seconds : 0,
      latenciesMs,
      processorMs: before != null && after != null && answered > 0 ? (after - before) / answered : null,
      errors,
    };
  });
}

/** Lends so many open connections. */
export async function withVisits<T>(
  site: Site,
  count: number,
  work: (visits: readonly Visit[]) => Promise<T>,
): Promise<T> {
  const visits: Visit[] = [];
  try {
    // A few at a time: a server lets only so many wait at its door.
    while (visits.length < count) {
      const some = Array.from({ length: Math.min(50, count - visits.length) }, () => site.visit());
      visits.push(...(await Promise.all(some)));
    }
    return await work(visits);
  } finally {
    await Promise.all(visits.map((visit) => visit.close()));
  }
}
