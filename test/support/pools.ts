import pg from "pg";

/** A pool of a test's own. An idle connection that breaks, as when its server ends, is of no interest: the pool opens a new one. */
export function openPool(url: string, max: number): pg.Pool {
  const pool = new pg.Pool({ connectionString: url, max });
  pool.on("error", () => undefined);
  return pool;
}
