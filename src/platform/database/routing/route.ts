import { AsyncLocalStorage } from "node:async_hooks";
import type { Lane, Server, Servers } from "../connections/servers.ts";
import type { Freshness } from "./consistency-token.ts";
import { positionSeen } from "./topology/watched-server.ts";
import { laterPosition, type WalPosition } from "./wal-position.ts";

/** What the ORM asks for: a connection to read with or one to write with. */
export type Side = "read" | "write";

export interface RouteOptions {
  /** What the consistency tokens of the request ask for. */
  readonly wanted?: Freshness;
  /** Servers that were lost under an earlier run of the same operation. */
  readonly avoid?: ReadonlySet<Server>;
  /** Whether the operation is run once more when its server is lost under it, if it is a query. */
  readonly isRepeatable?: boolean;
  /** How long a statement waits for a lock; default: as everywhere. */
  readonly lockTimeoutMs?: number;
  /** Whose connections are used whatever is done; default: those of mutations or queries, by the kind of the operation. */
  readonly lane?: Lane;
}

/**
 * The database connections that one GraphQL operation uses. A query reads from one replica, the same for the whole
 * operation, so that it sees one state of the data; a mutation reads and writes on the primary.
 */
export class Route {
  /** SQL statements that were sent so far. */
  statements = 0;
  #reading: Server | null = null;
  #readPosition: WalPosition | null = null;
  #kind: "query" | "mutation" | null = null;
  #lane: Lane | null;
  #lost: Server | null = null;
  #reached: WalPosition | null = null;
  readonly #servers: Servers;
  readonly #onViolation: (violation: Error) => void;
  readonly #options: RouteOptions;

  constructor(servers: Servers, onViolation: (violation: Error) => void, options: RouteOptions = {}) {
    this.#servers = servers;
    this.#onViolation = onViolation;
    this.#options = options;
    this.#lane = options.lane ?? null;
  }

  /** What kind of operation is on the way; null for what is none, such as what the server asks for by itself. */
  get kind(): "query" | "mutation" | null {
    return this.#kind;
  }

  /** How long a statement waits for a lock; undefined: as everywhere. */
  get lockTimeoutMs(): number | undefined {
    return this.#options.lockTimeoutMs;
  }

  /** The server that the operation reads from. */
  get servedBy(): string {
    return this.#reading?.name ?? "primary";
  }

  /** What the operation reads has all that was written up to here; null: nobody knows, or nothing is pinned. */
  get readPosition(): WalPosition | null {
    return this.#readPosition;
  }

  /** Up to where the primary's log holds what the operation tells; null: nobody asked, as in a query. */
  get position(): WalPosition | null {
    return this.#reached;
  }

  /** The server that was lost under a query which is going to be run once more: what this run answers, nobody hears. */
  get lostServer(): Server | null {
    return this.#options.isRepeatable && this.#kind === "query" ? this.#lost : null;
  }

  /**
   * Pins the server, as soon as the kind of the operation is known; a query stays where it is pinned already. One with a
   * consistency token may wait for a moment here.
   */
  async pin(kind: "query" | "mutation"): Promise<void> {
    this.#kind = kind;
    if (kind === "mutation") this.#reading = null;
    else if (!this.#reading) {
      const { wanted = null, avoid = new Set() } = this.#options;
      this.#readFrom(await this.#servers.forReading(wanted, avoid));
    }
  }

  /** Moves a query operation that has read nothing yet to the primary, since its replica is behind for this viewer. */
  moveToPrimary(): void {
    this.#readFrom(this.#servers.primary);
  }

  /** Whether what the operation reads may be behind. */
  get readsFromReplica(): boolean {
    return this.#reading !== null && !this.#servers.isPrimary(this.#reading);
  }

  /** Does `work` reading from the primary, for what must not be behind, before the operation itself reads anything. */
  async onPrimary<T>(work: () => Promise<T>): Promise<T> {
    const reading = this.#reading;
    this.#reading = this.#servers.primary;
    try {
      return await work();
    } finally {
      this.#reading = reading;
    }
  }

  /** From now on the operation uses the connections of staff: what they do takes none from the others. */
  useStaffLane(): void {
    this.#lane = "staff";
  }

  /** Where one statement or transaction goes. The guard hears of what the rules of routing do not allow. */
  connectionFor(side: Side): { server: Server; lane: Lane } {
    if (side === "write" && this.#kind === "query") {
      this.#onViolation(new Error("A query operation asked for a connection to write with."));
    }
    const server = (side === "read" && this.#reading) || this.#servers.primary;
    return { server, lane: this.#lane ?? (this.#kind === "query" ? "read" : "write") };
  }

  /** A route to the server that this one reads from, for what is read for several operations at once. */
  forReading(): Route {
    const route = new Route(this.#servers, this.#onViolation, { lane: this.#lane ?? "read" });
    route.#kind = this.#kind;
    route.#reading = this.#reading;
    return route;
  }

  /** Takes over what became of work that was done for several operations at once, this one among them. */
  follow(other: Route): void {
    this.statements += other.statements;
    if (other.#reached) this.reached(other.#reached);
    if (other.#lost) this.#lost = other.#lost;
  }

  /** Hears where the primary's log was when the operation committed, or read there, what it is going to tell. */
  reached(position: WalPosition): void {
    this.#reached = laterPosition(this.#reached, position);
  }

  /** Hears that a server did not answer, or no longer. */
  lost(server: Server): void {
    this.#lost = server;
  }

  #readFrom(server: Server): void {
    this.#reading = server;
    this.#readPosition = positionSeen(server.watched);
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
