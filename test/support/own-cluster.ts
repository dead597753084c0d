import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { type EmbeddedServer, startEmbeddedCluster } from "../../src/embedded-cluster/start-embedded-cluster.ts";
import type { TestDatabase } from "./database.ts";
import { openPool } from "./pools.ts";

/** A PostgreSQL server that a test may kill: nobody else's, and as careful with its data as in production. */
export interface OwnCluster extends Pick<TestDatabase, "url" | "auditUrl" | "sql"> {
  readonly primary: EmbeddedServer;
  remove(): Promise<void>;
}

/** A new cluster without replicas, with an empty database. */
export async function startOwnCluster(): Promise<OwnCluster> {
  const dataDir = await mkdtemp(path.join(tmpdir(), "seminar-acid-"));
  const cluster = await startEmbeddedCluster({ dataDir, replicas: 0 });
  await cluster.ensureDatabase("seminar");
  await cluster.ensureDatabase("seminar_audit");
  const url = cluster.primary.url("seminar");
  const pool = openPool(url, 2);
  return {
    primary: cluster.primary,
    url,
    auditUrl: cluster.primary.url("seminar_audit"),
    sql: async <Row extends object>(statement: string, parameters?: unknown[]) =>
      (await pool.query<Row>(statement, parameters)).rows,
    remove: async () => {
      await pool.end();
      await cluster.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
