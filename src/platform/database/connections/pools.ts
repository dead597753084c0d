import { createPostgreSqlTypeParsers } from "@mikro-orm/postgresql";
import pg from "pg";
import { parse as parseArray } from "postgres-array";
import { isUnreachable, Unavailable } from "../database-errors.ts";

/** What holds for all pools of a process. */
export interface PoolOptions {
  /** How long an operation waits for a free connection before it is answered `OVERLOADED`. */
  readonly poolWaitMs: number;
  readonly statementTimeoutMs: number;
  readonly lockTimeoutMs: number;
  /** Hears of connections that the server closed while nobody used them. */
  onConnectionError(server: string, error: Error): void;
}

/** What makes one pool different from others. */
export interface PoolSettings {
  /** Connections to one server. */
  readonly size: number;
  /** How values are read: the ORM's way, unless another library uses the pool. */
  readonly types?: pg.CustomTypesConfig;
  /** Default: as for all pools. */
  readonly statementTimeoutMs?: number;
}

/** What a half-open connection keeps waiting beyond the time that a statement may take. */
const answerGraceMs = 2_000;
const keepAliveDelayMs = 10_000;

/**
 * What a connection asks of its server besides limits. Many small statements run at once, so each stays on one core: of a
 * page of a list, parallel workers read several times as much before they are told that it is full.
 */
export const sessionSettings = "-c max_parallel_workers_per_gather=0";

/**
 * A pool of connections to one server, which belongs to who opens it. The server ends what takes too long; should it not
 * even answer that, as over a connection whose other end is gone, the client gives up a little later.
 */
export function openPool(serverName: () => string, url: string, options: PoolOptions, settings: PoolSettings): pg.Pool {
  const statementTimeoutMs = settings.statementTimeoutMs ?? options.statementTimeoutMs;
  const pool = new pg.Pool({
    connectionString: url,
    application_name: "seminar-server",
    options: sessionSettings,
    max: settings.size,
    connectionTimeoutMillis: options.poolWaitMs,
    statement_timeout: statementTimeoutMs,
    lock_timeout: options.lockTimeoutMs,
    idle_in_transaction_session_timeout: statementTimeoutMs,
    query_timeout: statementTimeoutMs + answerGraceMs,
    keepAlive: true,
    keepAliveInitialDelayMillis: keepAliveDelayMs,
    types: settings.types ?? ormTypes,
  });
  const report = (error: Error) => {
    // A server that stops right after its pool was closed may still say so to connections that are closing.
    if (!pool.ending) options.onConnectionError(serverName(), error);
  };
  pool.on("error", report);
  pool.on("connect", (client) => client.on("error", report));
  return pool;
}

/** @throws Unavailable when the server cannot be reached */
export async function connect(pool: pg.Pool, serverName: string): Promise<pg.PoolClient> {
  try {
    return await pool.connect();
  } catch (error) {
    if (!isUnreachable(error)) throw error;
    throw new Unavailable("UNREACHABLE", `The database server ${serverName} cannot be reached.`, { cause: error });
  }
}

/** The ORM reads dates and the like as text and converts them itself, so its pools must leave them as they come. */
const ormTypes = new pg.TypeOverrides();
for (const [oid, parser] of Object.entries(createPostgreSqlTypeParsers((text) => parseArray(text)))) {
  ormTypes.setTypeParser(Number(oid), parser as (value: string) => unknown);
}
