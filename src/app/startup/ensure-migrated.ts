import type { Logger } from "pino";
import type { Environment } from "../../config.ts";
import { isMissingDatabase, isOverload } from "../../platform/database/database-errors.ts";
import { migrate, type NamedMigration, pendingMigrations } from "../../platform/database/migrate.ts";
import { hasJobSchema, migrateJobs } from "../../platform/jobs/migrate-jobs.ts";
import type { DatabaseUrls } from "../database-urls.ts";
import { auditMigrations, migrations } from "../migrations.ts";

/**
 * Development migrates by itself. In production that is a decision, so there the migrations must have been run. An
 * audit database that is down, or not there yet, keeps nothing from starting: its entries wait.
 * @throws naming the migrations that a database lacks.
 */
export async function bringUpToDate(
  environment: Environment,
  { url, auditUrl }: Pick<DatabaseUrls, "url" | "auditUrl">,
  log: Logger,
): Promise<void> {
  await bringPrimaryUpToDate(environment, url);
  try {
    await bringDatabaseUpToDate(environment, "audit database", auditUrl, auditMigrations);
  } catch (err) {
    if (!isOverload(err) && !isMissingDatabase(err)) throw err;
    log.warn({ err }, "the audit database cannot be reached; audit entries wait until it can");
  }
}

/** Likewise, for what needs nothing but the primary. */
export async function bringPrimaryUpToDate(environment: Environment, url: string): Promise<void> {
  await bringDatabaseUpToDate(environment, "database", url, migrations);
  if (environment !== "production") await migrateJobs(url);
  else if (!(await hasJobSchema(url))) throw new Error("The database lacks the tables of jobs. Run: npm run migrate");
}

async function bringDatabaseUpToDate(
  environment: Environment,
  name: string,
  url: string,
  wanted: readonly NamedMigration[],
): Promise<void> {
  if (environment !== "production") {
    await migrate(url, wanted);
    return;
  }
  const pending = await pendingMigrations(url, wanted);
  if (pending.length > 0) {
    throw new Error(`The ${name} lacks ${pending.length} migration(s): ${pending.join(", ")}. Run: npm run migrate`);
  }
}
