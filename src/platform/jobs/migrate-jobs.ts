import { runMigrations, Logger as WorkerLogger } from "graphile-worker";
import pg from "pg";

/**
 * Brings graphile-worker's own tables up to date. Processes that do so at the same time do not disturb each other.
 * @returns the numbers of its migrations that were carried out meanwhile.
 */
export async function migrateJobs(url: string): Promise<string[]> {
  const before = await doneMigrations(url);
  // graphile-worker stops listening to a pool of its own before it closes it: a server that goes away in between would
  // end the process.
  const pool = new pg.Pool({ connectionString: url });
  pool.on("error", () => {}).on("connect", (client) => client.on("error", () => {}));
  try {
    await runMigrations({ pgPool: pool, logger: new WorkerLogger(() => () => {}) });
  } finally {
    await pool.end();
  }
  return (await doneMigrations(url)).filter((name) => !before.includes(name));
}

/** Whether graphile-worker's tables are there at all; a worker of a newer version brings its own changes along. */
export async function hasJobSchema(url: string): Promise<boolean> {
  return (await doneMigrations(url)).length > 0;
}

async function doneMigrations(url: string): Promise<string[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query("select to_regclass('graphile_worker.migrations') is not null as yes");
    if (!rows[0].yes) return [];
    const done = await client.query<{ id: number }>("select id from graphile_worker.migrations order by id");
    return done.rows.map(({ id }) => String(id).padStart(4, "0"));
  } finally {
    await client.end();
  }
}
