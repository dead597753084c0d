import type { Bench } from "./bench.ts";
import type { GroupResult, WorkloadResult } from "./report/results.ts";
import { type Measured, summarize } from "./report/summarize.ts";
import { number } from "./report/table.ts";
import type { Case, Group, Sample, Workload } from "./workload.ts";

/** Hears what is being done, in a few words. */
export type Tell = (what: string) => void;

/** Measures a workload and takes back what the bench lent it. */
export async function runWorkload(workload: Workload, bench: Bench, tell: Tell): Promise<WorkloadResult> {
  try {
    tell(`${workload.name}: preparing`);
    const groups: GroupResult[] = [];
    for (const group of await workload.prepare(bench)) {
      groups.push(await runGroup(group, bench, (what) => tell(`${workload.name}, ${group.title}: ${what}`)));
    }
    return { name: workload.name, shows: workload.shows, groups };
  } finally {
    await bench.endLoans();
  }
}

/** The cases take turns, and another one is the first in each round. */
async function runGroup(group: Group, bench: Bench, tell: Tell): Promise<GroupResult> {
  const { runs, seconds, warmUpSeconds } = bench.options;
  const measured = group.cases.map((each): Measured => ({ case: each, samples: [], warmUp: null }));
  if (group.needsWarmUp) {
    tell("warming up");
    for (const one of measured) one.warmUp = await runOnce(one.case, warmUpSeconds, bench);
  }
  for (let round = 0; round < runs; round++) {
    for (let place = 0; place < measured.length; place++) {
      const one = measured[(place + round) % measured.length] as Measured;
      const sample = await runOnce(one.case, seconds, bench);
      one.samples.push(sample);
      tell(`run ${round + 1} of ${runs}, ${one.case.name}: ${number(sample.value)} ${group.unit}`);
    }
  }
  return await summarize(group, measured);
}

async function runOnce(one: Case, seconds: number, bench: Bench): Promise<Sample> {
  bench.signal.throwIfAborted();
  await bench.settle();
  return await one.run(seconds);
}
