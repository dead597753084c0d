import { execFile } from "node:child_process";
import { mkdir, rename } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { superuser } from "./folder/cluster-state.ts";
import { exists } from "./folder/exists.ts";
import { temporaryName } from "./folder/leftovers.ts";
import type { ClusterContext, PostgresServer } from "./postgres/postgres-server.ts";
import { giveTo } from "./postgres/server-account.ts";
import { serverEnvironment } from "./postgres/server-environment.ts";
import { includeSettings, writeSettings } from "./postgres/server-settings.ts";
import { startOnFreePort } from "./postgres/start-on-free-port.ts";

const run = promisify(execFile);
const name = "primary";

/** Starts the primary, after making its data folder when it has none. */
export async function startPrimary(context: ClusterContext, passwordFile: string): Promise<PostgresServer> {
  if (!(await exists(join(context.folder, name)))) await initializePrimary(context, passwordFile);
  return startOnFreePort(name, context, (server) => writeSettings(server, context.account, context.settings, null));
}

/** Works under another name until it is whole: what an interruption leaves is thrown away at the next start. */
async function initializePrimary(context: ClusterContext, passwordFile: string): Promise<void> {
  context.onProgress("Making a new PostgreSQL cluster.");
  const finished = join(context.folder, name);
  const unfinished = temporaryName(finished);
  await mkdir(unfinished, { mode: 0o700 });
  await giveTo(context.account, unfinished);
  await run(
    context.binaries.initdb,
    [
      `--pgdata=${unfinished}`,
      `--username=${superuser}`,
      `--pwfile=${passwordFile}`,
      "--auth=scram-sha-256",
      "--encoding=UTF8",
      // Knows the letters of all scripts on every machine, whatever locales that has.
      "--locale-provider=builtin",
      "--builtin-locale=C.UTF-8",
      "--locale=C",
      // The system writes it to disk within the next half minute; nothing of value is in it so soon.
      "--no-sync",
    ],
    { ...context.account, cwd: "/", env: serverEnvironment },
  );
  await includeSettings(unfinished);
  await rename(unfinished, finished);
}
