import { CommitInDoubt, isOverload, Unavailable } from "../database/database-errors.ts";
import { type Route, withRoute } from "../database/routing/route.ts";
import { ClientError } from "../graphql/errors/errors.ts";
import { Batcher, type BatcherLimits } from "./batcher.ts";

/** An operation that has a part in a batch. */
export interface Caller<Item> {
  readonly item: Item;
  readonly route: Route;
  /** Whether the client has disconnected. */
  hasLeft(): boolean;
}

export interface BatchListeners {
  onBatch(name: string, size: number): void;
  /** Called with the error of a batch that is tried again in parts, to find the item that causes it. */
  onSplit(name: string, error: unknown): void;
}

/** A batcher of what operations ask for: a full queue is `OVERLOADED`. */
export function operationBatcher<Item, Result>(
  { maxSize, maxWaiting, maxWaitMs, onBatch, onSplit }: BatcherLimits & BatchListeners,
  name: string,
  run: (key: string, callers: readonly Caller<Item>[]) => Promise<readonly (Result | PromiseLike<Result>)[]>,
): Batcher<Caller<Item>, Result> {
  return new Batcher({
    ...{ maxSize, maxWaiting, maxWaitMs, run },
    isCommon: (error) => isOverload(error) || error instanceof CommitInDoubt || error instanceof ClientError,
    turnAway: (retryAfterMs) => new Unavailable("QUEUE_FULL", "Too many operations are waiting.", { retryAfterMs }),
    onBatch: (size) => onBatch(name, size),
    onSplit: (error) => onSplit(name, error),
  });
}

/** Runs a batch on its own route, and reports what happened to the routes of its callers. */
export async function onRoute<T>(
  route: Route,
  callers: readonly Caller<unknown>[],
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await withRoute(route, work);
  } finally {
    for (const caller of callers) caller.route.follow(route);
  }
}

export function itemsOf<Item>(callers: readonly Caller<Item>[]): Item[] {
  return callers.map(({ item }) => item);
}
