import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type pg from "pg";
import { pino } from "pino";
import { bringUpToDate } from "../../src/app/startup/ensure-migrated.ts";
import { type EmbeddedCluster, startEmbeddedCluster } from "../../src/embedded-cluster/start-embedded-cluster.ts";
import type { TestDatabase } from "./database.ts";
import { openPool } from "./pools.ts";

/** A cluster of a test file's own, whose replicas can be held back without holding up the tests of other files. */
export interface HeldReplicas {
  readonly cluster: EmbeddedCluster;
  readonly database: TestDatabase;
  /** Does `work` while these replicas (1, 2, ...) have stopped at what the primary has now. */
  whilePaused<T>(replicas: number[], work: () => Promise<T>): Promise<T>;
  /** Resolves when these replicas have everything that the primary has now. */
  caughtUp(replicas: number[]): Promise<void>;
}

const databaseName = "seminar_test";

/** A new cluster with so many replicas, and a database with all migrations; `database.drop` stops and removes it. */
export async function startHeldReplicas(replicaCount: number): Promise<HeldReplicas> {
  const dataDir = await mkdtemp(path.join(tmpdir(), "seminar-test-"));
  const cluster = await startEmbeddedCluster({ dataDir, replicas: replicaCount, settings: { fsync: "off" } });
  await cluster.ensureDatabase(databaseName);
  const url = cluster.primary.url(databaseName);
  const replicaUrls = cluster.replicas.map((replica) => replica.url(databaseName));
  await cluster.ensureDatabase(`${databaseName}_audit`);
  const auditUrl = cluster.primary.url(`${databaseName}_audit`);
  await bringUpToDate("test", { url, auditUrl }, pino({ level: "silent" }));

  const primary = openPool(url, 2);
  const audit = openPool(auditUrl, 1);
  const replicas = replicaUrls.map((replicaUrl) => openPool(replicaUrl, 1));
  const numbered = (numbers: number[]) => numbers.map((number) => replicas[number - 1] as pg.Pool);
  return {
    cluster,
    database: {
      url,
      replicaUrls,
      auditUrl,
      replicated: () => caughtUp(primary, replicas),
      sql: async <Row extends object>(statement: string, parameters?: unknown[]) =>
        (await primary.query<Row>(statement, parameters)).rows,
      auditSql: async <Row extends object>(statement: string, parameters?: unknown[]) =>
        (await audit.query<Row>(statement, parameters)).rows,
      drop: async () => {
        await Promise.all([primary, audit, ...replicas].map((pool) => pool.end()));
        await cluster.stop();
        await rm(dataDir, { recursive: true, force: true });
      },
    },
    caughtUp: (numbers) => caughtUp(primary, numbered(numbers)),
    async whilePaused(numbers, work) {
      const held = numbered(numbers);
      await caughtUp(primary, held);
      try {
        for (const replica of held) await pauseReplay(replica);
        return await work();
      } finally {
        for (const replica of held) await replica.query("select pg_wal_replay_resume()");
        await caughtUp(primary, held);
      }
    },
  };
}

async function caughtUp(primary: pg.Pool, replicas: readonly pg.Pool[]): Promise<void> {
  const { rows } = await primary.query<{ lsn: string }>("select pg_current_wal_insert_lsn() as lsn");
  // What was inserted into the log last may not have been sent yet; a commit pushes it out.
  await primary.query("select pg_logical_emit_message(true, 'test', '')");
  for (const replica of replicas) await until(replica, `pg_last_wal_replay_lsn() >= '${rows[0]?.lsn}'`);
}

async function pauseReplay(replica: pg.Pool): Promise<void> {
  await replica.query("select pg_wal_replay_pause()");
  await until(replica, "pg_get_wal_replay_pause_state() = 'paused'");
}

async function until(replica: pg.Pool, condition: string): Promise<void> {
  while (!(await replica.query(`select ${condition} as yes`)).rows[0].yes) await delay(2);
}
