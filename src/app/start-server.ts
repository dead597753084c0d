import type { Logger } from "pino";
import type { Config } from "../config.ts";
import { migrate, pendingMigrations } from "../platform/database/migrate.ts";
import { type App, createApp, type DatabaseUrls } from "./create-app.ts";
import { makeDemoData } from "./demo-data.ts";
import { migrations } from "./migrations.ts";
import { openDatabases } from "./open-databases.ts";

/** A server that runs. */
export interface RunningServer {
  readonly address: string;
  readonly databases: DatabaseUrls;
  /** Answers what was let in, then stops everything that was started. May be called again. */
  stop(): Promise<void>;
}

/** Brings up the whole server: databases, migrations, demo data, HTTP. `onStep` hears of each step as it begins. */
export async function startServer(config: Config, log: Logger, onStep: (step: string) => void): Promise<RunningServer> {
  onStep("Starting the databases");
  const databases = await openDatabases(config, onStep);
  let app: App | undefined;
  let stopping: Promise<void> | undefined;
  const stopAll = async () => {
    await app?.close();
    await databases.close();
  };
  const stop = () => {
    stopping ??= stopAll();
    return stopping;
  };
  try {
    onStep("Checking the migrations");
    await bringUpToDate(config, databases.url);
    app = await createApp(config, databases, log);
    if (config.seedDemo) {
      onStep("Making demo data");
      await makeDemoData(app.orm.em.fork());
    }
    return { address: await app.listen(), databases, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Development migrates by itself. In production that is a decision: `npm run migrate` comes first. */
async function bringUpToDate(config: Config, url: string): Promise<void> {
  if (config.environment !== "production") {
    await migrate(url, migrations);
    return;
  }
  const pending = await pendingMigrations(url, migrations);
  if (pending.length > 0) {
    throw new Error(`The database lacks ${pending.length} migration(s): ${pending.join(", ")}. Run: npm run migrate`);
  }
}
