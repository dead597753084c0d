import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import type { Sql } from "../data/in-bulk.ts";

/** A database of one workload's own, on the primary and on the replicas. */
export class Database {
  readonly #pool: pg.Pool;
  readonly #replicas: readonly pg.Pool[];

  constructor(
    readonly url: string,
    readonly replicaUrls: readonly string[],
    readonly auditUrl: string,
  ) {
    this.#pool = openPool(url);
    this.#replicas = replicaUrls.map(openPool);
  }

  /** Rows of a statement on the primary. */
  async sql<Row extends pg.QueryResultRow>(statement: string, parameters?: unknown[]): Promise<Row[]> {
    return (await this.#pool.query<Row>(statement, parameters)).rows;
  }

  /** The only row of a statement on the primary. */
  async one<Row extends pg.QueryResultRow>(statement: string, parameters?: unknown[]): Promise<Row> {
    const [row] = await this.sql<Row>(statement, parameters);
    if (!row) throw new Error(`There is no row: ${statement}`);
    return row;
  }

  async ids(statement: string): Promise<string[]> {
    return (await this.sql<{ id: string }>(statement)).map(({ id }) => id);
  }

  /** Lends one connection, for statements that belong together. */
  async inOneConnection<T>(work: (sql: Sql) => Promise<T>): Promise<T> {
    const client = await this.#pool.connect();
    try {
      return await work((statement) => client.query(statement));
    } finally {
      client.release(true);
    }
  }

  /** Writes everything to disk and to the replicas, so that what was before costs nothing in the next run. */
  async settle(): Promise<void> {
    await this.sql("checkpoint");
    const { lsn } = await this.one<{ lsn: string }>("select pg_current_wal_lsn() as lsn");
    for (const replica of this.#replicas) {
      const isBehind = async () =>
        (await replica.query("select pg_last_wal_replay_lsn() < $1::pg_lsn as yes", [lsn])).rows[0].yes;
      while (await isBehind()) await sleep(5);
    }
  }

  async close(): Promise<void> {
    await Promise.all([this.#pool, ...this.#replicas].map((pool) => pool.end()));
  }
}

function openPool(url: string): pg.Pool {
  const pool = new pg.Pool({ connectionString: url, max: 2 });
  // What befalls a connection fails the query at hand; as an event too it would end this process.
  pool.on("error", () => {});
  return pool;
}
