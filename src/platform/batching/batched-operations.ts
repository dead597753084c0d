import type { EntityManager } from "@mikro-orm/postgresql";
import { CommitInDoubt, isContention, isOverload, Unavailable } from "../database/database-errors.ts";
import { inTransaction } from "../database/in-transaction.ts";
import { type Route, type RouteOptions, withRoute } from "../database/routing/route.ts";
import { ClientError } from "../graphql/errors/errors.ts";
import { Batcher, type BatcherLimits } from "./batcher.ts";

/** What is read at once for all operations that ask for it at the same moment. */
export interface BatchedRead<Item, Result> {
  /** As the metrics call it. */
  readonly name: string;
  /** The results in the order of the items. What fails for one of them only is a result, not an error. */
  run(em: EntityManager, items: readonly Item[]): Promise<readonly Result[]>;
}

/** What is done in one transaction for all operations that want it at the same moment. */
export interface BatchedTransaction<Item, Result> {
  /** As the metrics call it. */
  readonly name: string;
  /** What the item's change has to lock. Items with the same key are served in the order in which they came. */
  keyOf(item: Item): string;
  /**
   * The results in the order of the items. What fails for one of them only is a result, not an error. It may be run again
   * after it was committed; then it gives what it gave.
   * @param locking `wait`: all items have the same key, and its lock is waited for. `skip`: nobody is waited for; the
   *   result of an item whose lock somebody else holds is null.
   */
  run(em: EntityManager, items: readonly Item[], locking: "wait" | "skip"): Promise<readonly (Result | null)[]>;
}

export interface BatchedOperationsOptions extends BatcherLimits {
  /** Of the whole process; forked for each group. */
  em: EntityManager;
  newRoute(options: RouteOptions): Route;
  onGroup(name: string, size: number): void;
  /** Hears what a group failed with that is tried again in parts, to find whom it is about. */
  onSplit(name: string, error: unknown): void;
}

/** Who asks for what. */
export interface Asker<Item> {
  readonly item: Item;
  readonly route: Route;
  /** Whether nobody hears the answer any more. */
  hasLeft(): boolean;
}

/**
 * How long a transaction for several keys waits for rows that its keys do not lock, such as those of users. Whom it
 * cannot serve at once is served apart from the others.
 */
const skipLockTimeoutMs = 100;

/** What the operations of this process do together, so that a crowd costs the database little more than one of them. */
export class BatchedOperations {
  readonly #options: BatchedOperationsOptions;
  readonly #reads = new Map<object, Batcher<Asker<unknown>, unknown>>();
  readonly #changes = new Map<object, Line<unknown, unknown>>();

  constructor(options: BatchedOperationsOptions) {
    this.#options = options;
  }

  /** How many wait for their group. */
  get waiting(): number {
    const lines = [...this.#reads.values(), ...this.#changes.values()];
    return lines.reduce((sum, { waiting }) => sum + waiting, 0);
  }

  /** Reads for all who read from the same server as this asker, without a lock and without waiting for one. */
  read<Item, Result>(work: BatchedRead<Item, Result>, asker: Asker<Item>): Promise<Result> {
    const batches = remembered(this.#reads, work, () => {
      const run = async (_key: string, askers: readonly Asker<Item>[]) => {
        const route = (askers[0] as Asker<Item>).route.forReading();
        return await onRoute(route, askers, () => work.run(this.#options.em.fork(), itemsOf(askers)));
      };
      return newBatches(this.#options, work.name, run) as Batcher<Asker<unknown>, unknown>;
    }) as Batcher<Asker<Item>, Result>;
    const { server, lane } = asker.route.forReading().connectionFor("read");
    return batches.add(`${server.name} ${lane}`, asker, asker.hasLeft);
  }

  /** Does `work` on the primary, in one transaction with others who ask at the moment. */
  change<Item, Result>(work: BatchedTransaction<Item, Result>, asker: Asker<Item>): Promise<Result> {
    const line = remembered(this.#changes, work, () => new Line(this.#options, work) as Line<unknown, unknown>) as Line<
      Item,
      Result
    >;
    return line.add(asker);
  }
}

/**
 * Those who wait for one kind of change. Who finds nobody at work begins a line of its key, in which the lock is waited for.
 * While such a line is at work, those with the same key stand in it, and all others in one line together, whose
 * transactions take the locks that are free; who needs one that somebody else holds goes on in a line of its key. So
 * nobody is held up by the lock, or the fault, of a key that is not theirs.
 */
class Line<Item, Result> {
  readonly #options: BatchedOperationsOptions;
  readonly #work: BatchedTransaction<Item, Result>;
  readonly #together: Batcher<Asker<Item>, Result>;
  readonly #apart: Batcher<Asker<Item>, Result>;

  constructor(options: BatchedOperationsOptions, work: BatchedTransaction<Item, Result>) {
    this.#options = options;
    this.#work = work;
    this.#together = newBatches(options, work.name, (_key, askers) => this.#serve(askers));
    this.#apart = newBatches(options, work.name, (_key, askers) => this.#transact(askers, "wait") as Promise<Result[]>);
  }

  get waiting(): number {
    return this.#together.waiting + this.#apart.waiting;
  }

  add(asker: Asker<Item>): Promise<Result> {
    const isAlone = this.#together.isIdle && this.#apart.isIdle;
    return isAlone || this.#isApart(asker) ? this.#addApart(asker) : this.#together.add("", asker, asker.hasLeft);
  }

  /** Never rejects: who goes on apart has to be heard of whatever becomes of the others. */
  async #serve(askers: readonly Asker<Item>[]): Promise<(Result | Promise<Result>)[]> {
    const apart = new Map(askers.filter((one) => this.#isApart(one)).map((one) => [one, this.#addApart(one)]));
    const together = askers.filter((one) => !apart.has(one));
    const results = together.length > 0 ? await this.#serveTogether(together) : new Map<Asker<Item>, never>();
    return askers.map((asker) => apart.get(asker) ?? results.get(asker) ?? this.#addApart(asker));
  }

  /** The results of those who were served, or that nobody can be served. */
  async #serveTogether(askers: readonly Asker<Item>[]): Promise<Map<Asker<Item>, Result | Promise<Result>>> {
    try {
      const results = await this.#transact(askers, "skip");
      return new Map(
        askers.flatMap((asker, index) => (results[index] === null ? [] : [[asker, results[index] as Result]])),
      );
    } catch (error) {
      if (isOverload(error) && !isContention(error)) {
        return new Map(askers.map((asker) => [asker, Promise.reject(error)]));
      }
      if (!isContention(error)) this.#options.onSplit(this.#work.name, error);
      return new Map();
    }
  }

  async #transact(askers: readonly Asker<Item>[], locking: "wait" | "skip"): Promise<readonly (Result | null)[]> {
    const { em, newRoute } = this.#options;
    const route = newRoute(locking === "skip" ? { lockTimeoutMs: skipLockTimeoutMs } : {});
    await route.pin("mutation");
    const work = (inside: EntityManager) => this.#work.run(inside, itemsOf(askers), locking);
    return await onRoute(route, askers, () => inTransaction(em, work, { isRepeatable: true }));
  }

  #isApart({ item }: Asker<Item>): boolean {
    return this.#apart.isBusy(this.#work.keyOf(item));
  }

  #addApart(asker: Asker<Item>): Promise<Result> {
    const served = this.#apart.add(this.#work.keyOf(asker.item), asker, asker.hasLeft);
    // It may fail before those who are served together are: until then nobody listens, which is no reason to end the process.
    served.catch(() => {});
    return served;
  }
}

function newBatches<Item, Result>(
  { maxSize, maxWaiting, maxWaitMs, onGroup, onSplit }: BatchedOperationsOptions,
  name: string,
  run: (key: string, askers: readonly Asker<Item>[]) => Promise<readonly (Result | PromiseLike<Result>)[]>,
): Batcher<Asker<Item>, Result> {
  return new Batcher({
    ...{ maxSize, maxWaiting, maxWaitMs, run },
    isCommon: (error) => isOverload(error) || error instanceof CommitInDoubt || error instanceof ClientError,
    turnAway: (retryAfterMs) => new Unavailable("QUEUE_FULL", "Too many wait already.", { retryAfterMs }),
    onBatch: (size) => onGroup(name, size),
    onSplit: (error) => onSplit(name, error),
  });
}

/** The route of the group tells each operation that has a part in it what became of it. */
async function onRoute<T>(route: Route, askers: readonly Asker<unknown>[], work: () => Promise<T>): Promise<T> {
  try {
    return await withRoute(route, work);
  } finally {
    for (const asker of askers) asker.route.follow(route);
  }
}

function itemsOf<Item>(askers: readonly Asker<Item>[]): Item[] {
  return askers.map(({ item }) => item);
}

function remembered<Value>(known: Map<object, Value>, work: object, make: () => Value): Value {
  let value = known.get(work);
  if (!value) {
    value = make();
    known.set(work, value);
  }
  return value;
}
