import { execFile } from "node:child_process";
import { mkdir, readdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import pRetry from "p-retry";
import type { Client } from "pg";
import { temporaryName } from "./folder/leftovers.ts";
import type { ClusterContext, PostgresServer } from "./postgres/postgres-server.ts";
import { giveTo } from "./postgres/server-account.ts";
import { serverEnvironment } from "./postgres/server-environment.ts";
import { renewSlot } from "./replication-slots.ts";

const run = promisify(execFile);

/** Folders whose content belongs to the running primary only; a copy starts with them empty. */
const emptiedFolders = new Set([
  "pg_dynshmem",
  "pg_notify",
  "pg_replslot",
  "pg_serial",
  "pg_snapshots",
  "pg_stat_tmp",
  "pg_subtrans",
  // The replica's slot keeps the WAL since before the copy, and the replica streams it from there.
  "pg_wal",
]);

const omittedFiles = new Set(["postmaster.pid", "postmaster.opts", "backup_label", "tablespace_map"]);

/**
 * Makes the data folder of a replica from the running primary, to which `client` is connected; what the replica had
 * before is lost. See "Making a Base Backup Using the Low Level API" in PostgreSQL's manual.
 */
export async function copyPrimary(
  name: string,
  primary: PostgresServer,
  client: Client,
  context: ClusterContext,
): Promise<void> {
  const finished = join(context.folder, name);
  const unfinished = temporaryName(finished);
  await renewSlot(client, name);
  // A file that the primary deletes meanwhile makes the copy fail.
  await pRetry(() => backUp(name, primary, client, unfinished, context), { retries: 3, minTimeout: 100 });
  await rm(finished, { recursive: true, force: true });
  await rename(unfinished, finished);
}

async function backUp(
  name: string,
  primary: PostgresServer,
  client: Client,
  target: string,
  context: ClusterContext,
): Promise<void> {
  await rm(target, { recursive: true, force: true });
  await makeFolder(target, context);
  await client.query("select pg_backup_start($1, fast => true)", [name]);
  let label: string | undefined;
  try {
    await copyData(primary.dataFolder, target, context);
  } finally {
    const { rows } = await client.query<{ labelfile: string }>(
      "select labelfile from pg_backup_stop(wait_for_archive => false)",
    );
    label = rows[0]?.labelfile;
  }
  await makeFile(join(target, "backup_label"), label ?? "", context);
  await makeFile(join(target, "standby.signal"), "", context);
}

/** Copies as the account, so that the copy is its own; `cp` shares the blocks where the file system can. */
async function copyData(source: string, target: string, context: ClusterContext): Promise<void> {
  const names = await readdir(source);
  const copied = names.filter((name) => !emptiedFolders.has(name) && !omittedFiles.has(name));
  const options = { ...context.account, cwd: source, env: serverEnvironment };
  await run("cp", ["-R", ...copied, target], options);
  // Last, as pg_basebackup does it: it must not be older than what it describes.
  await run("cp", [join("global", "pg_control"), join(target, "global")], options);
  for (const name of emptiedFolders) await makeFolder(join(target, name), context);
}

async function makeFolder(path: string, { account }: ClusterContext): Promise<void> {
  await mkdir(path, { mode: 0o700 });
  await giveTo(account, path);
}

async function makeFile(path: string, text: string, { account }: ClusterContext): Promise<void> {
  await writeFile(path, text, { mode: 0o600 });
  await giveTo(account, path);
}
