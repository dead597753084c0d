import { AsyncLocalStorage } from "node:async_hooks";
import type { Server, Servers } from "./servers.ts";

/** What the ORM asks for: a connection to read with or one to write with. */
export type Side = "read" | "write";

/**
 * The database connections that one GraphQL operation uses. A query reads from one replica, the same for the whole
 * operation, so that it sees one state of the data; a mutation reads and writes on the primary.
 */
export class Route {
  /** SQL statements that were sent so far. */
  statements = 0;
  #reading: Server;
  #kind: "query" | "mutation" | null = null;
  readonly #servers: Servers;
  readonly #onViolation: (violation: Error) => void;

  constructor(servers: Servers, onViolation: (violation: Error) => void) {
    this.#servers = servers;
    this.#reading = servers.primary;
    this.#onViolation = onViolation;
  }

  /** The server that the operation reads from. */
  get servedBy(): string {
    return this.#reading.name;
  }

  /** Pins the server, as soon as the kind of the operation is known. */
  pin(kind: "query" | "mutation"): void {
    this.#kind = kind;
    this.#reading = kind === "query" ? this.#servers.nextForReading() : this.#servers.primary;
  }

  /** Moves a query operation that has read nothing yet to the primary, since its replica is behind for this viewer. */
  moveToPrimary(): void {
    this.#reading = this.#servers.primary;
  }

  /** The server for one statement or transaction. The guard hears of what the rules of routing do not allow. */
  serverFor(side: Side): Server {
    if (side === "read") return this.#reading;
    if (this.#kind === "query") {
      this.#onViolation(new Error("A query operation asked for a connection to write with."));
    }
    return this.#servers.primary;
  }
}

const routes = new AsyncLocalStorage<Route>();

/** Runs `work` so that all SQL below it takes this route. Outside of any route everything goes to the primary. */
export function withRoute<T>(route: Route, work: () => T): T {
  return routes.run(route, work);
}

export function currentRoute(): Route | undefined {
  return routes.getStore();
}
