import type { Bench } from "./bench.ts";
import type { Program } from "./processes/program.ts";

/** Something worth measuring. One file in `workloads/`, listed in `workloads.ts`. */
export interface Workload {
  /** What it is called on the command line and in the names of its results. */
  readonly name: string;
  /** What it shows, in a sentence or two. */
  readonly shows: string;
  /** Starts and fills what it needs and says what is to be measured. The bench ends afterwards what it lent. */
  prepare(bench: Bench): Promise<Group[]>;
}

/** Cases that are measured in turns, so that whatever slows the machine down meets all of them. */
export interface Group {
  /** What they have in common, such as `64 connections`. */
  readonly title: string;
  /** What the values are, such as `joins/s`. */
  readonly unit: string;
  /** Whether each case runs once, for a short time, before it is measured. */
  readonly needsWarmUp?: boolean;
  readonly cases: readonly Case[];
}

export interface Case {
  readonly name: string;
  /** The other cases of the group are compared with it. */
  readonly isReference?: boolean;
  /** Whose peak memory is told. */
  readonly program?: Program;
  /** Measures once. What takes as long as it takes may ignore the time. */
  run(seconds: number): Promise<Sample>;
}

/** What one run of a case gave. */
export interface Sample {
  /** In the unit of the group. */
  readonly value: number;
  /** How long each answer took, in milliseconds. */
  readonly latenciesMs?: readonly number[];
  /** How long the server kept processors busy for each answer, in milliseconds. */
  readonly processorMs?: number | null;
  /** Everything that was not as it should be, and how often. */
  readonly errors: Errors;
  readonly note?: string;
}

export type Errors = Readonly<Record<string, number>>;
