import type { EntityManager } from "@mikro-orm/postgresql";
import type { Logger } from "pino";
import type { SessionClaims } from "../../auth/session-tokens.ts";
import type { BatchedRead } from "../../batching/batched-operations.ts";
import type { Caller } from "../../batching/operation-batcher.ts";
import type { BatchedTransaction } from "../../batching/transaction-queue.ts";
import { inTransaction, type TransactionOptions } from "../../database/in-transaction.ts";
import type { Route } from "../../database/routing/route.ts";
import type { Locale } from "../../locale.ts";
import type { Context, Services, Viewer } from "./context.ts";

export interface ContextOptions {
  requestId: string;
  address: string;
  services: Services;
  /** Makes what the operation uses, if it comes to be used: many a read is answered from another one's answer. */
  newEm(): EntityManager;
  newAudit(): EntityManager;
  route: Route;
  log: Logger;
  claims: SessionClaims | null;
  /** Finds out the language that the request prefers. */
  findLocale(): Locale;
  /** Whether the client has closed its connection: nobody hears the answer. */
  hasLeft(): boolean;
}

/** The context of one operation, whose viewer is not known yet. */
export function createContext(options: ContextOptions): Context {
  return new OperationContext(options);
}

/**
 * Apollo Server hands a copy of the context to the operation: own properties by their value, and the prototype. So what
 * follows from the viewer, or is made at its first use, is computed on the prototype, and nothing here is `#private`.
 */
class OperationContext implements Context {
  readonly requestId: string;
  readonly startedAt = performance.now();
  readonly address: string;
  readonly services: Services;
  readonly route: Route;
  readonly log: Logger;
  claims: SessionClaims | null;
  viewer: Viewer | null = null;
  readonly effectsAfterCommit: (() => void)[] = [];
  private readonly hasLeft: () => boolean;
  private readonly openEm: () => EntityManager;
  private readonly openAudit: () => EntityManager;
  private readonly requestLocale: () => Locale;
  private readonly loaders = new Map<unknown, unknown>();

  constructor(options: ContextOptions) {
    this.requestId = options.requestId;
    this.address = options.address;
    this.services = options.services;
    this.route = options.route;
    this.log = options.log;
    this.claims = options.claims;
    this.hasLeft = options.hasLeft;
    this.openEm = once(options.newEm);
    this.openAudit = once(options.newAudit);
    this.requestLocale = once(options.findLocale);
  }

  get em(): EntityManager {
    return this.openEm();
  }

  get audit(): EntityManager {
    return this.openAudit();
  }

  get locale(): Locale {
    return this.viewer?.locale ?? this.requestLocale();
  }

  async transaction<T>(work: (em: EntityManager) => Promise<T>, options?: TransactionOptions): Promise<T> {
    const result = await inTransaction(this.em, work, options);
    this.forget();
    return result;
  }

  async transactBatched<Item, Result>(work: BatchedTransaction<Item, Result>, item: Item): Promise<Result> {
    if (this.em.isInTransaction()) throw new Error("A batched transaction cannot be part of another one.");
    const result = await this.services.batched.transact(work, this.callerFor(item));
    this.forget();
    return result;
  }

  readBatched<Item, Result>(work: BatchedRead<Item, Result>, item: Item): Promise<Result> {
    return this.services.batched.read(work, this.callerFor(item));
  }

  afterCommit(effect: () => void): void {
    if (this.em.isInTransaction()) this.effectsAfterCommit.push(effect);
    else effect();
  }

  load<L>(makeLoader: (context: Context) => L): L {
    if (!this.loaders.has(makeLoader)) this.loaders.set(makeLoader, makeLoader(this));
    return this.loaders.get(makeLoader) as L;
  }

  private callerFor<Item>(item: Item): Caller<Item> {
    return { item, route: this.route, hasLeft: this.hasLeft };
  }

  /** What was read before a change may not be so any more. */
  private forget(): void {
    this.loaders.clear();
    this.em.clear();
  }
}

function once<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
