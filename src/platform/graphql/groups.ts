import type { EntityManager } from "@mikro-orm/postgresql";
import { Batches, type BatchLimits, type BatchWork } from "../batches.ts";
import { isOverload, Unavailable } from "../database/database-errors.ts";
import { inTransaction } from "../database/in-transaction.ts";
import { type Route, withRoute } from "../database/route.ts";
import { ClientError } from "./errors.ts";

/** Work that is done at once for all operations that want it at the same moment. */
export interface GroupWork<Item, Result> {
  /** As the metrics call it. */
  readonly name: string;
  /** The results in the order of the items. What fails for one of them only is a result, not an error. */
  run(em: EntityManager, items: readonly Item[]): Promise<readonly Result[]>;
}

export interface GroupsOptions extends BatchLimits {
  /** Of the whole process; forked for each group. */
  em: EntityManager;
  /** A route for one transaction on the primary. */
  newRoute(): Route;
  onGroup(name: string, size: number): void;
  /** Hears what a group failed with that is tried again in parts, to find whom it is about. */
  onSplit(name: string, error: unknown): void;
}

/** Who asks for what. */
interface Asker<Item> {
  readonly item: Item;
  readonly route: Route;
}

/** What the operations of this process do together, so that a crowd costs the database little more than one of them. */
export class Groups {
  readonly #options: GroupsOptions;
  readonly #commits = new Map<object, Batches<Asker<unknown>, unknown>>();
  readonly #reads = new Map<object, Batches<Asker<unknown>, unknown>>();

  constructor(options: GroupsOptions) {
    this.#options = options;
  }

  /** How many wait for their group. */
  get waiting(): number {
    return [...this.#commits.values(), ...this.#reads.values()].reduce((sum, { waiting }) => sum + waiting, 0);
  }

  /**
   * Does `work` with one transaction on the primary for all who ask for the same key. As in `inTransaction` it may be run
   * more than once, also after it was committed: then it gives what the first run gave.
   */
  commit<Item, Result>(
    work: GroupWork<Item, Result>,
    key: string,
    asker: Asker<Item>,
    hasLeft: () => boolean,
  ): Promise<Result> {
    const batches = this.#batches(this.#commits, work, async (_key, askers) => {
      const route = this.#options.newRoute();
      await route.pin("mutation");
      return await this.#onRoute(route, askers, () =>
        inTransaction(this.#options.em, (em) => work.run(em, itemsOf(askers)), { isRepeatable: true }),
      );
    });
    return batches.add(key, asker, hasLeft);
  }

  /** Reads for all who read from the same server as this asker, without a lock and without waiting for one. */
  read<Item, Result>(work: GroupWork<Item, Result>, asker: Asker<Item>): Promise<Result> {
    const batches = this.#batches(this.#reads, work, async (_key, askers) => {
      const route = (askers[0] as Asker<Item>).route.forReading();
      return await this.#onRoute(route, askers, () => work.run(this.#options.em.fork(), itemsOf(askers)));
    });
    const { server, lane } = asker.route.forReading().connectionFor("read");
    return batches.add(`${server.name} ${lane}`, asker);
  }

  /** The route of the group tells each operation that has a part in it what became of it. */
  async #onRoute<T>(route: Route, askers: readonly Asker<unknown>[], work: () => Promise<T>): Promise<T> {
    try {
      return await withRoute(route, work);
    } finally {
      for (const asker of askers) asker.route.follow(route);
    }
  }

  #batches<Item, Result>(
    known: Map<object, Batches<Asker<unknown>, unknown>>,
    work: GroupWork<Item, Result>,
    run: BatchWork<Asker<Item>, Result>["run"],
  ): Batches<Asker<Item>, Result> {
    let batches = known.get(work) as Batches<Asker<Item>, Result> | undefined;
    if (!batches) {
      const { maxSize, maxWaiting, maxWaitMs, onGroup, onSplit } = this.#options;
      batches = new Batches({
        ...{ maxSize, maxWaiting, maxWaitMs, run },
        isCommon: (error) => isOverload(error) || error instanceof ClientError,
        turnAway: (retryAfterMs) => new Unavailable("QUEUE_FULL", "Too many wait already.", { retryAfterMs }),
        onBatch: (size) => onGroup(work.name, size),
        onSplit: (error) => onSplit(work.name, error),
      });
      known.set(work, batches as Batches<Asker<unknown>, unknown>);
    }
    return batches;
  }
}

function itemsOf<Item>(askers: readonly Asker<Item>[]): Item[] {
  return askers.map(({ item }) => item);
}
