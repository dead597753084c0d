import type { Environment } from "../config.ts";
import { migrate, pendingMigrations } from "../platform/database/migrate.ts";
import { migrations } from "./migrations.ts";

/**
 * Development migrates by itself. In production that is a decision, so there the migrations must have been run.
 * @throws naming the migrations that the database lacks.
 */
export async function bringUpToDate(environment: Environment, url: string): Promise<void> {
  if (environment !== "production") {
    await migrate(url, migrations);
    return;
  }
  const pending = await pendingMigrations(url, migrations);
  if (pending.length > 0) {
    throw new Error(`The database lacks ${pending.length} migration(s): ${pending.join(", ")}. Run: npm run migrate`);
  }
}
