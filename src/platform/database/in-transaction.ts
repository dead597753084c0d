import type { EntityManager } from "@mikro-orm/postgresql";
import { repeat } from "./retry-transaction.ts";

export interface TransactionOptions {
  /**
   * `work` finds out by itself that an earlier run of it was committed, and then gives what that one gave. So it can be
   * run again when the connection is lost in the middle of the commit.
   */
  isRepeatable?: boolean;
}

/**
 * Runs `work` in a transaction on the primary, with an entity manager of its own, and repeats it from the start as
 * `repeat` says. So `work` must have no effect outside the transaction. Where `em` is in a transaction already, it
 * becomes a part of that one, which can fail and be repeated by itself.
 */
export function inTransaction<T>(
  em: EntityManager,
  work: (em: EntityManager) => Promise<T>,
  { isRepeatable = false }: TransactionOptions = {},
): Promise<T> {
  const attempt = () =>
    em
      .fork({ clear: true, keepTransactionContext: true })
      .transactional((transaction) => work(transaction as EntityManager));
  return repeat(attempt, { isRepeatable, isNested: em.isInTransaction() });
}
