import type { Errors } from "../workload.ts";

/** What a load came to. */
export interface LoadResult {
  /** From the first request to the last answer. */
  readonly seconds: number;
  /** How long each answer took. */
  readonly latenciesMs: readonly number[];
  /** How often each outcome came. */
  readonly outcomes: Readonly<Record<string, number>>;
}

/** Writes down what each operation came to. */
export class Recorder {
  readonly #startedAt = performance.now();
  #lastAnswerAt = this.#startedAt;
  readonly #latenciesMs: number[] = [];
  readonly #outcomes: Record<string, number> = {};

  /** @param since by `performance.now()` */
  record(outcome: string, since: number): void {
    this.#lastAnswerAt = performance.now();
    this.#latenciesMs.push(this.#lastAnswerAt - since);
    this.#outcomes[outcome] = (this.#outcomes[outcome] ?? 0) + 1;
  }

  result(): LoadResult {
    const seconds = (this.#lastAnswerAt - this.#startedAt) / 1000;
    return { seconds, latenciesMs: this.#latenciesMs, outcomes: this.#outcomes };
  }
}

/** A short name for what went wrong. */
export function outcomeOfError(error: unknown): string {
  const { code, message } = error as { code?: string; message?: string };
  return code ?? message ?? String(error);
}

/** The outcomes that are not among the expected ones. */
export function unexpected(outcomes: LoadResult["outcomes"], expected: readonly string[]): Errors {
  return Object.fromEntries(Object.entries(outcomes).filter(([outcome]) => !expected.includes(outcome)));
}
