import type { EntityManager } from "@mikro-orm/postgresql";
import pRetry from "p-retry";
import { isWorthRepeating } from "./database-errors.ts";

const maxRepeats = 5;

/**
 * Runs `work` in a transaction on the primary, with an entity manager of its own, and repeats it from the start, a
 * bounded number of times, after a deadlock, a serialization failure, or a value that somebody else took meanwhile.
 * So `work` must have no effect outside the transaction.
 */
export function inTransaction<T>(em: EntityManager, work: (em: EntityManager) => Promise<T>): Promise<T> {
  return pRetry(() => em.fork({ clear: true }).transactional((transaction) => work(transaction as EntityManager)), {
    retries: maxRepeats,
    minTimeout: 5,
    maxTimeout: 100,
    factor: 2,
    randomize: true,
    shouldRetry: ({ error }) => isWorthRepeating(error),
  });
}
