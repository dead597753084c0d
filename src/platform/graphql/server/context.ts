import type { EntityManager } from "@mikro-orm/postgresql";
import type { Logger } from "pino";
import type { EndedSessions } from "../../auth/ended-sessions.ts";
import type { RateLimits } from "../../auth/rate-limits.ts";
import type { SessionClaims, SessionTokens } from "../../auth/session-tokens.ts";
import type { StaffRole } from "../../auth/staff-role.ts";
import type { BatchedOperations, BatchedRead } from "../../batching/batched-operations.ts";
import type { BatchedTransaction } from "../../batching/transaction-queue.ts";
import type { TransactionOptions } from "../../database/in-transaction.ts";
import type { Route } from "../../database/routing/route.ts";
import type { Locale } from "../../locale.ts";

/** Who is asking, as far as the platform needs to know. */
export interface Viewer {
  readonly id: string;
  readonly locale: Locale;
  readonly staffRole: StaffRole | null;
}

/** Looks up who a session belongs to. `unknown`: the server that was asked has never heard of the session. */
export type FindViewer = (context: Context, claims: SessionClaims) => Promise<Viewer | null | "unknown">;

/** What the use cases need of the process that they run in. */
export interface Services {
  readonly sessionTokens: SessionTokens;
  readonly limits: RateLimits;
  readonly endedSessions: EndedSessions;
  /** The reads and transactions that operations share. */
  readonly batched: BatchedOperations;
  readonly settings: {
    readonly sessionDays: number;
    /** Whether a new participant is accepted without staff having looked (A3). */
    readonly acceptParticipants: boolean;
  };
}

/** What one GraphQL operation carries through its resolvers. */
export interface Context {
  readonly requestId: string;
  /** When the operation came, on the clock of `performance.now()`. */
  readonly startedAt: number;
  /** The address of the client, for rate limits. */
  readonly address: string;
  readonly services: Services;
  readonly em: EntityManager;
  /** An entity manager on the audit database. */
  readonly audit: EntityManager;
  readonly route: Route;
  readonly log: Logger;
  /** The session that the request came with, if its token was signed by us. `signUp` and `logIn` change it. */
  claims: SessionClaims | null;
  /** The user who asks; null is anonymous. Set before the first resolver runs; `signUp` and `logIn` change it. */
  viewer: Viewer | null;
  /** The viewer's language, else the one that the request prefers. */
  readonly locale: Locale;
  /**
   * Runs `work` in a transaction on the primary, as `inTransaction` does, and forgets what was read before it: what
   * the operation reads afterwards is not older than its own change. With an idempotency key the whole operation is one
   * transaction, and this is a part of it.
   */
  transaction<T>(work: (em: EntityManager) => Promise<T>, options?: TransactionOptions): Promise<T>;
  /**
   * As `transaction`, in one transaction with the other operations that ask for the same `work` at this moment. It is never
   * a part of an operation with an idempotency key.
   * @throws Unavailable when too many wait for it already; nothing was done then
   */
  transactBatched<Item, Result>(work: BatchedTransaction<Item, Result>, item: Item): Promise<Result>;
  /** Reads from the server of this operation, together with the other operations that ask it for the same `work`. */
  readBatched<Item, Result>(work: BatchedRead<Item, Result>, item: Item): Promise<Result>;
  /**
   * Runs `effect`, which must not fail, when the change is committed: at once after a `transaction`, but with an
   * idempotency key only when the operation has ended well.
   */
  afterCommit(effect: () => void): void;
  /** What waits for the commit of the whole operation. */
  readonly effectsAfterCommit: (() => void)[];
  /** The loader of this operation for a definition, made at the first call. */
  load<L>(makeLoader: (context: Context) => L): L;
}
