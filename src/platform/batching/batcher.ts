/** The bounds of batches. */
export interface BatcherLimits {
  /** The largest batch. */
  readonly maxSize: number;
  /** How many items may wait, over all keys. */
  readonly maxWaiting: number;
  /** How long an item may wait before its batch begins. */
  readonly maxWaitMs: number;
}

/** Up to this many items are taken at once, whatever the length of the queue. */
const minBatchSize = 32;

/** What a batcher does with a batch. */
export interface BatchWork<Item, Result> extends BatcherLimits {
  /** The results in the order of the items. The batch is over even if some of the results are still promises. */
  run(key: string, items: readonly Item[]): Promise<readonly (Result | PromiseLike<Result>)[]>;
  /** Whether an error concerns all items, so that the batch is not tried again in halves. */
  isCommon(error: unknown): boolean;
  /**
   * The error for items that are not served because the queue is full, the wait was too long or the caller has left.
   * @param drainMs an estimate of how long the queue takes to drain
   */
  turnAway(drainMs: number): Error;
  onBatch?(size: number): void;
  /** Called with the error of a batch that is tried again in halves. */
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
 * Runs work for many callers at once. Items that arrive while a batch of their key is running are taken together into the
 * next one, in the order of arrival. If no batch is running for the key, an item runs immediately on its own; there is no
 * timer. Databases call this group commit (DeWitt et al., 1984).
 *
 * When the queue is long, a batch takes half of it. Callers that are answered tend to ask again; if all were answered
 * together, the database would be idle while this process reads their next requests.
 */
export class Batcher<Item, Result> {
  readonly #work: BatchWork<Item, Result>;
  readonly #queues = new Map<string, Waiting<Item, Result>[]>();
  #waiting = 0;
  #msPerItem = 0;

  constructor(work: BatchWork<Item, Result>) {
    this.#work = work;
  }

  /** How many items wait for their batch to begin. */
  get waiting(): number {
    return this.#waiting;
  }

  /** Whether no batch is running. */
  get isIdle(): boolean {
    return this.#queues.size === 0;
  }

  /** Whether a batch of this key is running, so that a new item would wait. */
  isBusy(key: string): boolean {
    return this.#queues.has(key);
  }

  /**
   * @param hasLeft asked when the batch begins; the item is left out if its caller has left
   * @throws what `run` threw for this item, or what `turnAway` gives
   */
  add(key: string, item: Item, hasLeft: () => boolean = () => false): Promise<Result> {
    if (this.#waiting >= this.#work.maxWaiting) return Promise.reject(this.#turnAway());
    return new Promise((resolve, reject) => {
      const waiting = { item, since: performance.now(), hasLeft, resolve, reject };
      const queue = this.#queues.get(key);
      this.#waiting++;
      if (queue) queue.push(waiting);
      else this.#drain(key, [waiting]);
    });
  }

  async #drain(key: string, queue: Waiting<Item, Result>[]): Promise<void> {
    this.#queues.set(key, queue);
    while (queue.length > 0) await this.#runBatch(key, this.#takeNext(queue));
    this.#queues.delete(key);
  }

  #takeNext(queue: Waiting<Item, Result>[]): Waiting<Item, Result>[] {
    const size = Math.max(minBatchSize, Math.ceil(queue.length / 2));
    const taken = queue.splice(0, Math.min(size, this.#work.maxSize));
    this.#waiting -= taken.length;
    const earliest = performance.now() - this.#work.maxWaitMs;
    return taken.filter((one) => {
      const isServed = one.since >= earliest && !one.hasLeft();
      if (!isServed) one.reject(this.#turnAway());
      return isServed;
    });
  }

  /** A batch that fails is tried again in halves, down to the item that causes the failure. */
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

  /** A moving average over about twenty batches. */
  #learn(msPerItem: number): void {
    this.#msPerItem += (msPerItem - this.#msPerItem) / 20;
  }

  #turnAway(): Error {
    return this.#work.turnAway(this.#waiting * this.#msPerItem);
  }
}
