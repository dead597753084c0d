import { median, percentile } from "../load/percentile.ts";
import type { Case, Errors, Group, Sample } from "../workload.ts";
import type { CaseResult, GroupResult, Spread } from "./results.ts";

/** What was measured of a case: a sample for each round, and one of the warm-up when there was one. */
export interface Measured {
  readonly case: Case;
  readonly samples: Sample[];
  warmUp: Sample | null;
}

/** The rounds of a group in numbers that can be compared. */
export async function summarize(group: Group, measured: readonly Measured[]): Promise<GroupResult> {
  const references = measured.filter((one) => one.case.isReference);
  const cases = measured.map((one) => summarizeCase(one, references));
  return { title: group.title, unit: group.unit, cases: await Promise.all(cases) };
}

async function summarizeCase(
  { case: of, samples, warmUp }: Measured,
  references: readonly Measured[],
): Promise<CaseResult> {
  const timed = samples.map(({ latenciesMs }) => latenciesMs ?? []).filter((latencies) => latencies.length > 0);
  const middle = (share: number) =>
    timed.length > 0 ? median(timed.map((latencies) => percentile(latencies, share))) : null;
  return {
    name: of.name,
    isReference: of.isReference ?? false,
    value: spread(samples.map(({ value }) => value)),
    p50Ms: middle(0.5),
    p99Ms: middle(0.99),
    processorMs: medianOf(samples.map(({ processorMs }) => processorMs ?? null)),
    errors: sumOfErrors([...(warmUp ? [warmUp] : []), ...samples]),
    ratios: of.isReference ? [] : references.map((reference) => ratioTo(reference, samples)),
    peakMemoryMb: (await of.program?.peakMemoryMb()) ?? null,
    note: samples.at(-1)?.note ?? null,
  };
}

function medianOf(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length > 0 ? median(known) : null;
}

/** Round by round, since both met the same machine then. */
function ratioTo(reference: Measured, samples: readonly Sample[]): CaseResult["ratios"][number] {
  const times = samples.map(({ value }, round) => value / (reference.samples[round]?.value ?? Number.NaN));
  return { to: reference.case.name, times: spread(times) };
}

function spread(values: readonly number[]): Spread {
  return { median: median(values), min: Math.min(...values), max: Math.max(...values) };
}

function sumOfErrors(samples: readonly Sample[]): Errors {
  const sum: Record<string, number> = {};
  for (const { errors } of samples) {
    for (const [name, count] of Object.entries(errors)) sum[name] = (sum[name] ?? 0) + count;
  }
  return sum;
}
