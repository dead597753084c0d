import { stdout } from "node:process";
import { readConfig } from "../../config.ts";
import { migrate } from "../../platform/database/migrate.ts";
import { migrations } from "../migrations.ts";
import { withDatabases } from "./with-databases.ts";

/** Runs the migrations that the database lacks, and tells their names. */
export async function migrateDatabases(stopping: AbortSignal): Promise<void> {
  const names = await withDatabases(readConfig(), stopping, ({ url }) => migrate(url, migrations));
  const lines =
    names.length > 0 ? names.map((name) => `Done: ${name}`) : ["Nothing to do: all migrations have been run."];
  stdout.write(`${lines.join("\n")}\n`);
}
