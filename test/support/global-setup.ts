import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { auditMigrations, migrations } from "../../src/app/migrations.ts";
import { type EmbeddedCluster, startEmbeddedCluster } from "../../src/embedded-cluster/start-embedded-cluster.ts";
import { migrate } from "../../src/platform/database/migrate.ts";
import { migrateJobs } from "../../src/platform/jobs/migrate-jobs.ts";

declare global {
  var testCluster: { cluster: EmbeddedCluster; dataDir: string } | undefined;
}

/** The databases that each test file's own are cloned from. */
const templateDatabase = "seminar_template";
const auditTemplateDatabase = "seminar_audit_template";

/** One cluster for the whole run: a primary and a replica. Its data need not survive the machine, so no fsync. */
export default async function globalSetup(): Promise<void> {
  const dataDir = await mkdtemp(path.join(tmpdir(), "seminar-test-"));
  const cluster = await startEmbeddedCluster({ dataDir, replicas: 1, settings: { fsync: "off" } });
  globalThis.testCluster = { cluster, dataDir };
  await cluster.ensureDatabase(templateDatabase);
  await migrate(cluster.primary.url(templateDatabase), migrations);
  await migrateJobs(cluster.primary.url(templateDatabase));
  await cluster.ensureDatabase(auditTemplateDatabase);
  await migrate(cluster.primary.url(auditTemplateDatabase), auditMigrations);
  process.env.TEST_PRIMARY_URL = cluster.primary.url("postgres");
  process.env.TEST_REPLICA_URLS = cluster.replicas.map((replica) => replica.url("postgres")).join(",");
}
