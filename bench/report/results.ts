import type { Errors } from "../workload.ts";

/** The middle of several runs, and the least and the most of them. */
export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

export interface CaseResult {
  readonly name: string;
  readonly isReference: boolean;
  readonly value: Spread;
  /** Medians over the runs; null where nothing was timed. */
  readonly p50Ms: number | null;
  readonly p99Ms: number | null;
  /** Processor time of the server for each answer; a median too. */
  readonly processorMs: number | null;
  /** Of all runs and of the warm-up. */
  readonly errors: Errors;
  /** How many times the value of a reference in the same round. */
  readonly ratios: readonly { readonly to: string; readonly times: Spread }[];
  readonly peakMemoryMb: number | null;
  /** What the last run had to say. */
  readonly note: string | null;
}

export interface GroupResult {
  readonly title: string;
  readonly unit: string;
  readonly cases: readonly CaseResult[];
}

export interface WorkloadResult {
  readonly name: string;
  readonly shows: string;
  readonly groups: readonly GroupResult[];
}

/** Under what circumstances it was measured. */
export interface Circumstances {
  readonly at: string;
  readonly processor: string;
  readonly cores: number;
  readonly memoryGb: number;
  readonly node: string;
  readonly runs: number;
  readonly secondsPerRun: number;
  readonly replicas: number;
  /** Variables of the server that were set by hand. */
  readonly variables: Readonly<Record<string, string>>;
}
