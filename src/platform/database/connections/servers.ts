import type pg from "pg";
import { Unavailable } from "../database-errors.ts";
import type { Freshness } from "../routing/consistency-token.ts";
import type { Topology } from "../routing/topology/topology.ts";
import { hasReplayed, isReadable, type WatchedServer } from "../routing/topology/watched-server.ts";
import { connect, openPool, type PoolOptions, type PoolSettings } from "./pools.ts";

/**
 * What a connection is for. Each lane has a pool of its own on each server, so that none can take the last connection of
 * another: `write` for mutations, `read` for queries, `staff` for both of staff, `queue` for the queue of jobs,
 * `limits` for the rate limits, which are asked in the middle of a transaction too, `own` for what the server asks by itself.
 */
export type Lane = "write" | "read" | "staff" | "queue" | "limits" | "own";

export interface ServersOptions extends PoolOptions {
  readonly preparesStatements: boolean;
  /** How many may wait for a connection of one pool; who comes then is answered `OVERLOADED` at once. */
  readonly poolQueueLimit: number;
  /** How long a query waits for a replica that has its consistency token, before it goes to the primary. */
  readonly replicaWaitMs: number;
  readonly lanes: Readonly<Partial<Record<Lane, PoolSettings>>>;
}

/** One PostgreSQL server with the pools of connections to it. */
export class Server {
  readonly watched: WatchedServer;
  readonly #options: ServersOptions;
  readonly #pools = new Map<Lane, pg.Pool>();

  constructor(watched: WatchedServer, options: ServersOptions) {
    this.watched = watched;
    this.#options = options;
  }

  /** `primary`, `replica-1`, ... as the response header `served-by` names it. */
  get name(): string {
    return this.watched.name;
  }

  /** The pools that were needed so far. */
  get pools(): ReadonlyMap<Lane, pg.Pool> {
    return this.#pools;
  }

  /** How long a statement of a lane may take. */
  statementTimeoutMs(lane: Lane): number {
    return this.#options.lanes[lane]?.statementTimeoutMs ?? this.#options.statementTimeoutMs;
  }

  get preparesStatements(): boolean {
    return this.#options.preparesStatements;
  }

  get lockTimeoutMs(): number {
    return this.#options.lockTimeoutMs;
  }

  /** @throws Unavailable when the server cannot be reached, or too many wait already */
  async connect(lane: Lane): Promise<pg.PoolClient> {
    const pool = this.#pool(lane);
    if (pool.waitingCount >= this.#options.poolQueueLimit) {
      throw new Unavailable("QUEUE_FULL", `Too many wait for a connection to ${this.name}.`);
    }
    return await connect(pool, this.name);
  }

  async close(): Promise<void> {
    await Promise.all([...this.#pools.values()].map((pool) => pool.end()));
  }

  #pool(lane: Lane): pg.Pool {
    let pool = this.#pools.get(lane);
    if (!pool) {
      const settings = this.#options.lanes[lane];
      if (!settings) throw new Error(`This process has no connections for the lane ${lane}.`);
      pool = openPool(() => this.name, this.watched.url, this.#options, settings);
      this.#pools.set(lane, pool);
    }
    return pool;
  }
}

/** The PostgreSQL servers that this process knows, with its connections to them. The topology belongs to who opened it. */
export class Servers {
  readonly all: readonly Server[];
  readonly topology: Topology;
  /** What became of the queries that brought a consistency token and could be served by a replica. */
  readonly tokens = { hits: 0, waits: 0, fallbacks: 0 };
  readonly #replicaWaitMs: number;
  #turn = 0;

  constructor(topology: Topology, options: ServersOptions) {
    this.topology = topology;
    this.all = topology.servers.map((watched) => new Server(watched, options));
    this.#replicaWaitMs = options.replicaWaitMs;
  }

  /** @throws Unavailable while there is none */
  get primary(): Server {
    const server = this.all.find((one) => this.isPrimary(one));
    if (!server) throw new Unavailable("NO_PRIMARY", "No database server takes writes at the moment.");
    return server;
  }

  isPrimary(server: Server): boolean {
    return server.watched === this.topology.primary;
  }

  /**
   * The server for the next query operation: the replicas that are fresh enough take turns, after a short wait if none is
   * yet; without any, the primary.
   * @param avoid servers that have just failed the operation
   * @throws Unavailable when only the primary would do, and there is none
   */
  async forReading(wanted: Freshness, avoid: ReadonlySet<Server>): Promise<Server> {
    const candidates = this.all.filter((server) => isReadable(server.watched) && !avoid.has(server));
    if (wanted === null) return this.#next(candidates) ?? this.primary;
    if (this.all.length === 1) return this.primary;
    if (wanted === "newest") {
      this.tokens.fallbacks++;
      // Without a primary, a token that nobody can read keeps nobody from an answer.
      return this.topology.primary ? this.primary : (this.#next(candidates) ?? this.primary);
    }
    const find = () =>
      this.#next(candidates.filter(({ watched }) => isReadable(watched) && hasReplayed(watched, wanted)));
    let replica = find();
    if (replica) {
      this.tokens.hits++;
      return replica;
    }
    // Nobody waits for replicas that are known to be too far behind.
    if (candidates.some(({ watched }) => (watched.lagMs ?? 0) < this.#replicaWaitMs)) {
      this.tokens.waits++;
      replica = await this.topology.until(find, this.#replicaWaitMs);
      if (replica) return replica;
    }
    this.tokens.fallbacks++;
    return this.primary;
  }

  async close(): Promise<void> {
    await Promise.all(this.all.map((server) => server.close()));
  }

  #next(candidates: readonly Server[]): Server | null {
    return candidates[this.#turn++ % candidates.length] ?? null;
  }
}
