import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { errorCode } from "../platform/error-code.ts";

const replayTimeoutMs = 5_000;

/** Creates a database when missing, and resolves when the replicas that stream have it too. */
export async function ensureDatabase(primaryUrl: string, name: string): Promise<void> {
  const client = new pg.Client({ connectionString: primaryUrl, ssl: false });
  await client.connect();
  try {
    const { rowCount } = await client.query("select 1 from pg_database where datname = $1", [name]);
    if (rowCount) return;
    await client.query(`create database ${client.escapeIdentifier(name)}`).catch((error: unknown) => {
      if (!isDuplicate(error)) throw error;
    });
    await waitUntilReplayed(client);
  } finally {
    await client.end();
  }
}

/** A replica that stays behind is no reason to fail: whoever reads from it must cope with that anyway. */
async function waitUntilReplayed(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ lsn: string }>("select pg_current_wal_lsn()::text as lsn");
  const deadline = Date.now() + replayTimeoutMs;
  while (Date.now() < deadline) {
    const { rowCount } = await client.query(
      `select 1 from pg_stat_replication where state = 'streaming' and (replay_lsn < $1::pg_lsn) is not false`,
      [rows[0]?.lsn],
    );
    if (rowCount === 0) return;
    await sleep(15);
  }
}

/** Another connection was faster: duplicate_database, or a unique_violation in the catalogue. */
function isDuplicate(error: unknown): boolean {
  return errorCode(error) === "42P04" || errorCode(error) === "23505";
}
