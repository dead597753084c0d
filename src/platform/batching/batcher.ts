/** How batches are made up. */
export interface BatcherLimits {
  /** How many items are taken together at most. */
  readonly maxSize: number;
  /** How many may wait, of all keys together. */
  readonly maxWaiting: number;
  /** How long an item may wait before its batch begins. */
  readonly maxWaitMs: number;
}

/** Up to so many are taken at once, whoever else is waiting. */
const shortLine = 32;

/** What is done with a batch, and what becomes of it. */
export interface BatchWork<Item, Result> extends BatcherLimits {
  /** The results in the order of the items; the batch is over though some of them may still be on their way. */
  run(key: string, items: readonly Item[]): Promise<readonly (Result | PromiseLike<Result>)[]>;
  /** Whether an error would have been each item's alone too: then the batch is not tried again in parts. */
  isCommon(error: unknown): boolean;
  /**
   * The error for who comes when too many wait already, who has waited for too long, and who has left.
   * @param drainMs how long it would take to serve those who wait, as far as one can tell
   */
  turnAway(drainMs: number): Error;
  onBatch?(size: number): void;
  /** Hears of the error of a batch that is going to be tried again in parts. */
  onSplit?(error: unknown): void;
}

interface Waiting<Item, Result> {
  readonly item: Item;
  readonly since: number;
  /** Whether nobody waits for the result any more. */
  hasLeft(): boolean;
  resolve(result: Result | PromiseLike<Result>): void;
  reject(error: unknown): void;
}

/**
 * Does work for many callers at once: those who come with the same key while a batch of that key is at work are taken
 * together into the next one, in the order in which they came. No timer: who finds nobody at work goes at once, alone.
 * It is the group commit of databases (DeWitt et al., 1984), one level up.
 *
 * Of a long line one half is taken. Whoever is answered asks again; taken all together they would all be answered
 * together, and the database would have nothing to do while this process reads their next requests.
 */
export class Batcher<Item, Result> {
  readonly #work: BatchWork<Item, Result>;
  readonly #lines = new Map<string, Waiting<Item, Result>[]>();
  #waiting = 0;
  #msPerItem = 0;

  constructor(work: BatchWork<Item, Result>) {
    this.#work = work;
  }

  /** How many wait for their batch to begin. */
  get waiting(): number {
    return this.#waiting;
  }

  /** Whether nobody is at work on anything. */
  get isIdle(): boolean {
    return this.#lines.size === 0;
  }

  /** Whether somebody is at work on this key: who comes now waits. */
  isBusy(key: string): boolean {
    return this.#lines.has(key);
  }

  /**
   * @param hasLeft asked when the batch begins: who has left by then is left out of it
   * @throws what `run` threw for this item, or what `turnAway` gives
   */
  add(key: string, item: Item, hasLeft: () => boolean = () => false): Promise<Result> {
    if (this.#waiting >= this.#work.maxWaiting) return Promise.reject(this.#turnAway());
    return new Promise((resolve, reject) => {
      const waiting = { item, since: performance.now(), hasLeft, resolve, reject };
      const line = this.#lines.get(key);
      this.#waiting++;
      if (line) line.push(waiting);
      else this.#serve(key, [waiting]);
    });
  }

  async #serve(key: string, line: Waiting<Item, Result>[]): Promise<void> {
    this.#lines.set(key, line);
    while (line.length > 0) await this.#runBatch(key, this.#takeNext(line));
    this.#lines.delete(key);
  }

  #takeNext(line: Waiting<Item, Result>[]): Waiting<Item, Result>[] {
    const size = Math.max(shortLine, Math.ceil(line.length / 2));
    const taken = line.splice(0, Math.min(size, this.#work.maxSize));
    this.#waiting -= taken.length;
    const earliest = performance.now() - this.#work.maxWaitMs;
    return taken.filter((one) => {
      const isServed = one.since >= earliest && !one.hasLeft();
      if (!isServed) one.reject(this.#turnAway());
      return isServed;
    });
  }

  /** One item's failure is not another's: what fails is tried again in halves, down to the item that it is about. */
  async #runBatch(key: string, batch: readonly Waiting<Item, Result>[]): Promise<void> {
    if (batch.length === 0) return;
    const startedAt = performance.now();
    try {
      this.#work.onBatch?.(batch.length);
      const items = batch.map(({ item }) => item);
      const results = await this.#work.run(key, items);
      this.#learn((performance.now() - startedAt) / batch.length);
      batch.forEach((one, index) => {
        one.resolve(results[index] as Result | PromiseLike<Result>);
      });
    } catch (error) {
      if (batch.length === 1 || this.#work.isCommon(error)) {
        for (const one of batch) one.reject(error);
        return;
      }
      this.#work.onSplit?.(error);
      const half = Math.ceil(batch.length / 2);
      await this.#runBatch(key, batch.slice(0, half));
      await this.#runBatch(key, batch.slice(half));
    }
  }

  /** A moving average: the last twenty batches or so. */
  #learn(msPerItem: number): void {
    this.#msPerItem += (msPerItem - this.#msPerItem) / 20;
  }

  #turnAway(): Error {
    return this.#work.turnAway(this.#waiting * this.#msPerItem);
  }
}
