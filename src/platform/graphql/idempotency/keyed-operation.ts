import type { EntityManager } from "@mikro-orm/postgresql";
import type { FormattedExecutionResult } from "graphql";
import { CommitInDoubt } from "../../database/database-errors.ts";
import { repeat } from "../../database/retry-transaction.ts";
import type { Context } from "../server/context.ts";
import { type KeyedRequest, storeAnswer, takeKey } from "./idempotency-keys.ts";

/**
 * An operation with an idempotency key: one transaction around all that it does and around its answer. What use cases
 * run as transactions are parts of it, and whoever comes with the same key meanwhile waits for its end.
 */
export class KeyedOperation {
  readonly #context: Context;
  readonly #request: KeyedRequest;

  constructor(context: Context, request: KeyedRequest) {
    this.#context = context;
    this.#request = request;
  }

  /**
   * Begins, unless an answer is stored under the key already.
   * @returns that answer, which is all there is to do
   * @throws BAD_USER_INPUT when the key came with another request
   */
  begin(): Promise<FormattedExecutionResult | null> {
    return repeat(() => this.#take(), { isRepeatable: true });
  }

  /**
   * Stores the answer and commits. When the commit is in doubt, the key tells: whether it is taken was a part of the
   * transaction.
   * @returns the answer that is stored
   * @throws CommitInDoubt when nothing was committed after all, or no server can tell
   */
  async commit(answer: FormattedExecutionResult): Promise<FormattedExecutionResult> {
    const stored = await this.#storeAndCommit(answer);
    for (const effect of this.#context.effectsAfterCommit.splice(0)) effect();
    return stored;
  }

  /** Ends it with nothing changed. Without its connection the server does so by itself. */
  async undo(): Promise<void> {
    await this.#em.rollback().catch(() => this.#em.resetTransactionContext());
  }

  async #storeAndCommit(answer: FormattedExecutionResult): Promise<FormattedExecutionResult> {
    try {
      await storeAnswer(this.#em, this.#request, answer);
      // What was read for the answer is no change to be written.
      this.#em.clear();
      await this.#em.commit();
      return answer;
    } catch (error) {
      await this.undo();
      if (!(error instanceof CommitInDoubt)) throw error;
      const stored = await repeat(() => this.#take(), { isRepeatable: true, doubt: error });
      if (stored) return stored;
      await this.undo();
      throw error;
    }
  }

  /** The transaction goes on unless it found an answer. It then commits, though nothing is new, for its consistency token. */
  async #take(): Promise<FormattedExecutionResult | null> {
    await this.#em.begin();
    try {
      const stored = await takeKey(this.#em, this.#request);
      if (stored) await this.#em.commit();
      return stored;
    } catch (error) {
      await this.undo();
      throw error;
    }
  }

  get #em(): EntityManager {
    return this.#context.em;
  }
}
