import { createPostgreSqlTypeParsers } from "@mikro-orm/postgresql";
import pg from "pg";
import { parse as parseArray } from "postgres-array";

/** One PostgreSQL server and the pool of connections to it. */
export interface Server {
  /** `primary`, `replica-1`, ... as the response header `served-by` names it. */
  readonly name: string;
  readonly pool: pg.Pool;
}

export interface PoolOptions {
  /** Connections per server. */
  poolSize: number;
  /** How long an operation waits for a free connection before it is answered `OVERLOADED`. */
  poolWaitMs: number;
  statementTimeoutMs: number;
  lockTimeoutMs: number;
  /** Hears of connections that the server closed while nobody used them. */
  onConnectionError(server: string, error: Error): void;
}

export interface ServersOptions extends PoolOptions {
  url: string;
  replicaUrls: readonly string[];
}

/** The PostgreSQL servers that this process knows: the primary, which takes the writes, and its replicas. */
export class Servers {
  readonly primary: Server;
  readonly replicas: readonly Server[];
  #turn = 0;

  constructor(options: ServersOptions) {
    this.primary = openServer("primary", options.url, options);
    this.replicas = options.replicaUrls.map((url, index) => openServer(`replica-${index + 1}`, url, options));
  }

  /** The server for the next query operation: the replicas take turns; without any, the primary. */
  nextForReading(): Server {
    return this.replicas[this.#turn++ % this.replicas.length] ?? this.primary;
  }

  async close(): Promise<void> {
    await Promise.all([this.primary, ...this.replicas].map((server) => server.pool.end()));
  }
}

/**
 * A server with its pool; who opens it ends the pool.
 * @param types how values are read: the ORM's way, unless another library uses the pool
 */
export function openServer(
  name: string,
  url: string,
  options: PoolOptions,
  types: pg.CustomTypesConfig = ormTypes,
): Server {
  const pool = new pg.Pool({
    connectionString: url,
    application_name: "seminar-server",
    max: options.poolSize,
    connectionTimeoutMillis: options.poolWaitMs,
    statement_timeout: options.statementTimeoutMs,
    lock_timeout: options.lockTimeoutMs,
    idle_in_transaction_session_timeout: options.statementTimeoutMs,
    types,
  });
  const report = (error: Error) => {
    // A server that stops right after its pool was closed may still say so to connections that are closing.
    if (!pool.ending) options.onConnectionError(name, error);
  };
  pool.on("error", report);
  pool.on("connect", (client) => client.on("error", report));
  return { name, pool };
}

/** The ORM reads dates and the like as text and converts them itself, so its pools must leave them as they come. */
const ormTypes = new pg.TypeOverrides();
for (const [oid, parser] of Object.entries(createPostgreSqlTypeParsers((text) => parseArray(text)))) {
  ormTypes.setTypeParser(Number(oid), parser as (value: string) => unknown);
}
