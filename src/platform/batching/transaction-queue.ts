import type { EntityManager } from "@mikro-orm/postgresql";
import { isContention, isOverload } from "../database/database-errors.ts";
import { inTransaction } from "../database/in-transaction.ts";
import type { Route, RouteOptions } from "../database/routing/route.ts";
import type { Batcher, BatcherLimits } from "./batcher.ts";
import { type BatchListeners, type Caller, itemsOf, onRoute, operationBatcher } from "./operation-batcher.ts";

/** What is done in one transaction for all operations that want it at the same moment. */
export interface BatchedTransaction<Item, Result> {
  /** Its name in the metrics. */
  readonly name: string;
  /** What the item's change has to lock. Items with the same key are served in the order of arrival. */
  keyOf(item: Item): string;
  /**
   * The results in the order of the items. A failure that concerns one item only is a result, not an error. The function may
   * run again after its transaction was committed; then it returns what it returned before.
   * @param locking `wait`: all items have the same key, and its lock is waited for. `skip`: no lock is waited for; the
   *   result of an item whose lock is taken is null.
   */
  run(em: EntityManager, items: readonly Item[], locking: "wait" | "skip"): Promise<readonly (Result | null)[]>;
}

export interface TransactionQueueOptions extends BatcherLimits, BatchListeners {
  /** Forked for each batch. */
  em: EntityManager;
  newRoute(options: RouteOptions): Route;
}

/**
 * How long a transaction for several keys waits for rows that its keys do not lock, such as those of users. Items that it
 * cannot serve in that time are served in the queue of their own key.
 */
const skipLockTimeoutMs = 100;

/**
 * The operations that wait for one kind of transaction. An item that finds nothing running starts a queue of its key, in
 * which the lock is waited for. While such a queue is running, items of the same key join it. All others share
 * transactions that take only the locks that are free; an item whose lock is taken moves to the queue of its key. So no
 * item is held up by the lock, or the failure, of another key.
 */
export class TransactionQueue<Item, Result> {
  readonly #options: TransactionQueueOptions;
  readonly #work: BatchedTransaction<Item, Result>;
  readonly #shared: Batcher<Caller<Item>, Result>;
  readonly #byKey: Batcher<Caller<Item>, Result>;

  constructor(options: TransactionQueueOptions, work: BatchedTransaction<Item, Result>) {
    this.#options = options;
    this.#work = work;
    this.#shared = operationBatcher(options, work.name, (_key, callers) => this.#serve(callers));
    this.#byKey = operationBatcher(
      options,
      work.name,
      (_key, callers) => this.#transact(callers, "wait") as Promise<Result[]>,
    );
  }

  get waiting(): number {
    return this.#shared.waiting + this.#byKey.waiting;
  }

  add(caller: Caller<Item>): Promise<Result> {
    const isFirst = this.#shared.isIdle && this.#byKey.isIdle;
    if (isFirst || this.#isKeyBusy(caller)) return this.#addByKey(caller);
    return this.#shared.add("", caller, caller.hasLeft);
  }

  /** Never rejects: items that move to the queue of their key are served whatever becomes of the others. */
  async #serve(callers: readonly Caller<Item>[]): Promise<(Result | Promise<Result>)[]> {
    const moved = new Map(callers.filter((one) => this.#isKeyBusy(one)).map((one) => [one, this.#addByKey(one)]));
    const sharing = callers.filter((one) => !moved.has(one));
    const results = sharing.length > 0 ? await this.#serveShared(sharing) : new Map<Caller<Item>, never>();
    return callers.map((caller) => moved.get(caller) ?? results.get(caller) ?? this.#addByKey(caller));
  }

  /** The results of the items that were served, or a rejection for all of them if the database has no time. */
  async #serveShared(callers: readonly Caller<Item>[]): Promise<Map<Caller<Item>, Result | Promise<Result>>> {
    try {
      const results = await this.#transact(callers, "skip");
      return new Map(
        callers.flatMap((caller, index) => (results[index] === null ? [] : [[caller, results[index] as Result]])),
      );
    } catch (error) {
      if (isOverload(error) && !isContention(error)) {
        return new Map(callers.map((caller) => [caller, Promise.reject(error)]));
      }
      if (!isContention(error)) this.#options.onSplit(this.#work.name, error);
      return new Map();
    }
  }

  async #transact(callers: readonly Caller<Item>[], locking: "wait" | "skip"): Promise<readonly (Result | null)[]> {
    const { em, newRoute } = this.#options;
    const route = newRoute(locking === "skip" ? { lockTimeoutMs: skipLockTimeoutMs } : {});
    await route.pin("mutation");
    const work = (inside: EntityManager) => this.#work.run(inside, itemsOf(callers), locking);
    return await onRoute(route, callers, () => inTransaction(em, work, { isRepeatable: true }));
  }

  #isKeyBusy({ item }: Caller<Item>): boolean {
    return this.#byKey.isBusy(this.#work.keyOf(item));
  }

  #addByKey(caller: Caller<Item>): Promise<Result> {
    const served = this.#byKey.add(this.#work.keyOf(caller.item), caller, caller.hasLeft);
    // It may fail before the shared transaction ends. Nobody listens until then, and that must not end the process.
    served.catch(() => {});
    return served;
  }
}
