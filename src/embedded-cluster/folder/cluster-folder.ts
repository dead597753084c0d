import { createHash } from "node:crypto";
import { readdir, realpath, rm, symlink } from "node:fs/promises";
import { join, resolve } from "node:path";
import { admit, canReach, type ServerAccount } from "../postgres/server-account.ts";
import { isClaim } from "./cluster-lock.ts";
import { exists } from "./exists.ts";
import { makePassable, shelteredFolder } from "./sheltered-folder.ts";

/** Where all of a cluster lies: data, logs, password, lock. */
export interface ClusterFolder {
  readonly path: string;
  /** Something of an earlier data folder is in it, which was deleted since. To be emptied once the lock is held. */
  readonly isAbandoned: boolean;
}

/** The name of a cluster's folder in the data folder. It may be a link to a folder elsewhere. */
export function clusterEntry(dataDir: string): string {
  return join(resolve(dataDir), "postgres");
}

/**
 * Opens the folder of the cluster, making it when missing. It lies in the data folder, unless PostgreSQL's account
 * cannot reach that: then it lies in a place named after the data folder, with a link to it in the data folder.
 */
export async function openClusterFolder(
  dataDir: string,
  account: ServerAccount,
  onProgress: (step: string) => void,
): Promise<ClusterFolder> {
  await makePassable(dataDir);
  if (!(await canReach(account, resolve(dataDir)))) await admit(account, dataDir);
  const existing = await realpath(clusterEntry(dataDir)).catch(() => null);
  const folder = existing
    ? { path: existing, isAbandoned: false }
    : await makeClusterFolder(await realpath(dataDir), account);
  if (!(await canReach(account, folder.path))) {
    throw new Error(`The user that PostgreSQL runs as cannot enter ${folder.path}. Let it pass, or move that folder.`);
  }
  if (folder.path !== join(await realpath(dataDir), "postgres")) {
    onProgress(`PostgreSQL's user cannot reach ${resolve(dataDir)}, so the data is kept in ${folder.path}.`);
  }
  return folder;
}

/** Removes all but the lock. */
export async function emptyClusterFolder(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (!isClaim(name)) await rm(join(folder, name), { recursive: true, force: true });
  }
}

async function makeClusterFolder(dataDir: string, account: ServerAccount): Promise<ClusterFolder> {
  const entry = clusterEntry(dataDir);
  if (await canReach(account, dataDir)) {
    await makePassable(entry);
    return { path: entry, isAbandoned: false };
  }
  const hash = createHash("sha256").update(dataDir).digest("hex").slice(0, 16);
  const path = join(await shelteredFolder(account), `data-${hash}`);
  await makePassable(path);
  const isLinkKept = await exists(entry);
  if (!isLinkKept) await symlink(path, entry);
  // Who deletes the data folder means to begin anew, though the data itself was out of sight.
  return { path, isAbandoned: !isLinkKept && (await readdir(path)).length > 0 };
}
