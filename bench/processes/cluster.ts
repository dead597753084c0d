import { mkdir, realpath, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { auditMigrations, migrations } from "../../src/app/migrations.ts";
import { clusterEntry } from "../../src/embedded-cluster/folder/cluster-folder.ts";
import { exists } from "../../src/embedded-cluster/folder/exists.ts";
import { type EmbeddedCluster, startEmbeddedCluster } from "../../src/embedded-cluster/start-embedded-cluster.ts";
import { migrate } from "../../src/platform/database/migrate.ts";
import { migrateJobs } from "../../src/platform/jobs/migrate-jobs.ts";
import { Database } from "./database.ts";

/** The databases with all migrations and no rows, from which others are cloned. */
export const template = "seminar_template";
export const auditTemplate = "seminar_audit_template";

/** As in production: everything durable. Only what fits loads of millions of rows differs from the server's own cluster. */
const settings = {
  max_connections: "400",
  max_wal_size: "8GB",
  maintenance_work_mem: "256MB",
  // Tells the workload `jobs` when a transaction was committed.
  track_commit_timestamp: "on",
};

/**
 * Starts a cluster in the bench's folder and makes the templates. `removeCluster` ends it.
 * @throws when there is data in the folder that no bench has made
 */
export async function startCluster(dataDir: string, replicas: number): Promise<EmbeddedCluster> {
  await claim(dataDir);
  const cluster = await startEmbeddedCluster({ dataDir, replicas, settings });
  try {
    await dropLeftovers(cluster);
    await cluster.ensureDatabase(template);
    await migrate(cluster.primary.url(template), migrations);
    await migrateJobs(cluster.primary.url(template));
    await cluster.ensureDatabase(auditTemplate);
    await migrate(cluster.primary.url(auditTemplate), auditMigrations);
    return cluster;
  } catch (error) {
    await cluster.stop();
    throw error;
  }
}

/** Stops it and deletes its data. The folder may be a link to a place that PostgreSQL's account can reach. */
export async function removeCluster(cluster: EmbeddedCluster, dataDir: string): Promise<void> {
  await cluster.stop();
  const entry = clusterEntry(dataDir);
  await rm(await realpath(entry), { recursive: true, force: true });
  await rm(entry, { force: true });
}

/** Does what no single database can do, such as to make one. */
export async function administer<T>(
  { primary }: EmbeddedCluster,
  work: (sql: Database["sql"]) => Promise<T>,
): Promise<T> {
  const maintenance = new Database(primary.url("postgres"), [], "");
  try {
    return await work((statement, parameters) => maintenance.sql(statement, parameters));
  } finally {
    await maintenance.close();
  }
}

/** Marks the folder as the bench's own, since all data in it is deleted at the end. */
async function claim(dataDir: string): Promise<void> {
  const mark = path.join(dataDir, "made-by-bench");
  const [hasCluster, isMarked] = await Promise.all([clusterEntry(dataDir), mark].map(exists));
  if (hasCluster && !isMarked) {
    throw new Error(`There is data in ${dataDir} that is not the bench's. Choose another folder.`);
  }
  await mkdir(dataDir, { recursive: true });
  await writeFile(mark, "");
}

/** A bench that was killed leaves its databases behind. */
async function dropLeftovers(cluster: EmbeddedCluster): Promise<void> {
  await administer(cluster, async (sql) => {
    const names = `select datname from pg_database where datname like 'bench\\_%' or datname like 'seminar\\_%'`;
    for (const { datname } of await sql<{ datname: string }>(names)) {
      await sql(`drop database ${datname} with (force)`);
    }
  });
}
