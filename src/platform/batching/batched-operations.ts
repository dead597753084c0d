import type { EntityManager } from "@mikro-orm/postgresql";
import type { Batcher } from "./batcher.ts";
import { type Caller, itemsOf, onRoute, operationBatcher } from "./operation-batcher.ts";
import { type BatchedTransaction, TransactionQueue, type TransactionQueueOptions } from "./transaction-queue.ts";

/** What is read at once for all operations that ask for it at the same moment. */
export interface BatchedRead<Item, Result> {
  /** Its name in the metrics. */
  readonly name: string;
  /** The results in the order of the items. A failure that concerns one item only is a result, not an error. */
  run(em: EntityManager, items: readonly Item[]): Promise<readonly Result[]>;
}

/** The reads and transactions that operations of this process share, so that a crowd costs little more than one operation. */
export class BatchedOperations {
  readonly #options: TransactionQueueOptions;
  // Each batcher is stored under the definition that it was made of, which gives the types of its items and results.
  readonly #reads = new Map<object, { readonly waiting: number }>();
  readonly #transactions = new Map<object, { readonly waiting: number }>();

  constructor(options: TransactionQueueOptions) {
    this.#options = options;
  }

  /** How many operations wait for their batch. */
  get waiting(): number {
    const queues = [...this.#reads.values(), ...this.#transactions.values()];
    return queues.reduce((sum, { waiting }) => sum + waiting, 0);
  }

  /** Reads together with all operations that read from the same server as this caller, without any lock. */
  read<Item, Result>(work: BatchedRead<Item, Result>, caller: Caller<Item>): Promise<Result> {
    const known = this.#reads.get(work) as Batcher<Caller<Item>, Result> | undefined;
    const batcher = known ?? this.#readBatcher(work);
    if (!known) this.#reads.set(work, batcher);
    const { server, lane } = caller.route.forReading().connectionFor("read");
    return batcher.add(`${server.name} ${lane}`, caller, caller.hasLeft);
  }

  /** Does `work` on the primary, in one transaction with the other operations that ask for it at this moment. */
  transact<Item, Result>(work: BatchedTransaction<Item, Result>, caller: Caller<Item>): Promise<Result> {
    const known = this.#transactions.get(work) as TransactionQueue<Item, Result> | undefined;
    const queue = known ?? new TransactionQueue(this.#options, work);
    if (!known) this.#transactions.set(work, queue);
    return queue.add(caller);
  }

  #readBatcher<Item, Result>(work: BatchedRead<Item, Result>): Batcher<Caller<Item>, Result> {
    return operationBatcher<Item, Result>(this.#options, work.name, async (_key, callers) => {
      const route = (callers[0] as Caller<Item>).route.forReading();
      return await onRoute(route, callers, () => work.run(this.#options.em.fork(), itemsOf(callers)));
    });
  }
}
