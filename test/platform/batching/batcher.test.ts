import { setImmediate } from "node:timers/promises";
import { describe, expect, test } from "@jest/globals";
import { Batcher, type BatchWork } from "../../../src/platform/batching/batcher.ts";

/** Batcher of numbers, each of which is answered with its square when the test says so. */
class Bench {
  readonly begun: { key: string; items: number[] }[] = [];
  readonly batches: Batcher<number, number>;
  readonly #gates: (() => void)[] = [];

  constructor(options: Partial<BatchWork<number, number>> = {}) {
    this.batches = new Batcher<number, number>({
      maxSize: 100,
      maxWaiting: 100,
      maxWaitMs: 60_000,
      run: async (key, items) => {
        this.begun.push({ key, items: [...items] });
        await new Promise<void>((resolve) => this.#gates.push(resolve));
        if (items.includes(13)) throw new Error("13 is not served");
        return items.map((item) => item * item);
      },
      isCommon: () => false,
      turnAway: () => new Error("turned away"),
      ...options,
    });
  }

  add(...items: number[]): Promise<PromiseSettledResult<number>[]> {
    return Promise.allSettled(items.map((item) => this.batches.add("line", item)));
  }

  /** Lets every batch end, also those that begin meanwhile. */
  async finish(): Promise<void> {
    for (let gate = this.#gates.shift(); gate; gate = this.#gates.shift()) {
      gate();
      await setImmediate();
    }
  }
}

function values(results: PromiseSettledResult<number>[]): unknown[] {
  return results.map((one) => (one.status === "fulfilled" ? one.value : one.reason.message));
}

describe("Batcher", () => {
  test("who finds nobody at work goes at once, alone; who comes meanwhile goes together, in order", async () => {
    const bench = new Bench();
    const results = bench.add(1, 2, 3, 4);
    expect(bench.begun).toEqual([{ key: "line", items: [1] }]);
    expect(bench.batches.waiting).toBe(3);
    await bench.finish();
    expect(values(await results)).toEqual([1, 4, 9, 16]);
    expect(bench.begun.map(({ items }) => items)).toEqual([[1], [2, 3, 4]]);
    expect(bench.batches.waiting).toBe(0);
    const later = bench.add(5);
    expect(bench.begun.at(-1)?.items).toEqual([5]);
    await bench.finish();
    await later;
  });

  test("keys do not wait for each other", async () => {
    const bench = new Bench();
    const results = Promise.all([bench.batches.add("one", 1), bench.batches.add("other", 2)]);
    expect(bench.begun).toHaveLength(2);
    await bench.finish();
    expect(await results).toEqual([1, 4]);
  });

  test("no batch is larger than allowed", async () => {
    const bench = new Bench({ maxSize: 2 });
    const results = bench.add(1, 2, 3, 4, 5, 6);
    await bench.finish();
    await results;
    expect(bench.begun.map(({ items }) => items)).toEqual([[1], [2, 3], [4, 5], [6]]);
  });

  test("of a long line one half is taken, so that others are served while those ask again; a short one is taken whole", async () => {
    const bench = new Bench({ maxWaiting: 200 });
    const results = bench.add(...Array.from({ length: 141 }, (_, index) => 100 + index));
    await bench.finish();
    await results;
    expect(bench.begun.map(({ items }) => items.length)).toEqual([1, 70, 35, 32, 3]);
    expect(bench.begun.flatMap(({ items }) => items)).toEqual(Array.from({ length: 141 }, (_, index) => 100 + index));
  });

  test("who comes when too many wait is turned away, and hears how long those take", async () => {
    const drainTimes: number[] = [];
    const turnAway = (drainMs: number) => {
      drainTimes.push(drainMs);
      return new Error("turned away");
    };
    const bench = new Bench({ maxWaiting: 2, turnAway });
    const first = bench.add(1);
    await bench.finish();
    await first;
    const results = bench.add(1, 2, 3, 4);
    await bench.finish();
    expect(values(await results)).toEqual([1, 4, 9, "turned away"]);
    expect(drainTimes).toHaveLength(1);
    expect(drainTimes[0]).toBeGreaterThan(0);
  });

  test("who has waited for too long, or has left, is not served", async () => {
    const bench = new Bench({ maxWaitMs: 60_000 });
    const impatient = new Bench({ maxWaitMs: -1 });
    const first = bench.add(1);
    let isGone = false;
    const leaving = bench.batches.add("line", 2, () => isGone).catch((error) => error.message);
    const staying = bench.add(3);
    isGone = true;
    await bench.finish();
    expect([values(await first), await leaving, values(await staying)]).toEqual([[1], "turned away", [9]]);
    expect(bench.begun.map(({ items }) => items)).toEqual([[1], [3]]);
    expect(values(await impatient.add(1))).toEqual(["turned away"]);
    expect(impatient.begun).toEqual([]);
  });

  test("what fails for one of them is tried again in halves, so that only this one fails", async () => {
    const bench = new Bench();
    const results = bench.add(1, 11, 12, 13, 14, 15);
    await bench.finish();
    expect(values(await results)).toEqual([1, 121, 144, "13 is not served", 196, 225]);
    expect(bench.begun.map(({ items }) => items)).toEqual([
      ...[[1], [11, 12, 13, 14, 15], [11, 12, 13], [11, 12], [13], [14, 15]],
    ]);
  });

  test("what would have failed for each one alone fails for all of them at once", async () => {
    const bench = new Bench({ isCommon: () => true });
    const results = bench.add(1, 12, 13);
    await bench.finish();
    expect(values(await results)).toEqual([1, "13 is not served", "13 is not served"]);
    expect(bench.begun).toHaveLength(2);
  });
});
