import { stdout } from "node:process";
import { readConfig } from "../../config.ts";
import { migrate } from "../../platform/database/migrate.ts";
import { migrateJobs } from "../../platform/jobs/migrate-jobs.ts";
import { auditMigrations, migrations } from "../migrations.ts";
import type { OpenDatabases } from "../startup/open-databases.ts";
import { withDatabases } from "./with-databases.ts";

/** Runs the migrations that the databases lack, and tells their names. */
export async function migrateDatabases(stopping: AbortSignal): Promise<void> {
  const names = await withDatabases(readConfig(), stopping, migrateAll);
  const lines =
    names.length > 0 ? names.map((name) => `Done: ${name}`) : ["Nothing to do: all migrations have been run."];
  stdout.write(`${lines.join("\n")}\n`);
}

async function migrateAll({ primaryUrl, auditUrl }: OpenDatabases): Promise<string[]> {
  const ofPrimary = await migrate(primaryUrl, migrations);
  const ofJobs = await migrateJobs(primaryUrl);
  const ofAudit = await migrate(auditUrl, auditMigrations);
  return [...ofPrimary, ...ofJobs.map((name) => `jobs/${name}`), ...ofAudit.map((name) => `audit/${name}`)];
}
