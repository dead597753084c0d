import type { EntityManager } from "@mikro-orm/postgresql";
import type { Logger } from "pino";
import type { SessionClaims } from "../auth/session-tokens.ts";
import { inTransaction } from "../database/in-transaction.ts";
import type { Route } from "../database/route.ts";
import type { Locale } from "../locale.ts";
import type { Context, Services, Viewer } from "./context.ts";

export interface ContextOptions {
  requestId: string;
  address: string;
  services: Services;
  em: EntityManager;
  route: Route;
  log: Logger;
  claims: SessionClaims | null;
  /** The language that the request prefers. */
  locale: Locale;
}

/** The context of one operation, whose viewer is not known yet. */
export function createContext(options: ContextOptions): Context {
  const loaders = new Map<unknown, unknown>();
  return {
    ...options,
    startedAt: performance.now(),
    viewer: null as Viewer | null,
    get locale() {
      return this.viewer?.locale ?? options.locale;
    },
    async transaction<T>(work: (em: EntityManager) => Promise<T>): Promise<T> {
      const result = await inTransaction(options.em, work);
      loaders.clear();
      options.em.clear();
      return result;
    },
    load<L>(makeLoader: (context: Context) => L): L {
      if (!loaders.has(makeLoader)) loaders.set(makeLoader, makeLoader(this));
      return loaders.get(makeLoader) as L;
    },
  };
}
