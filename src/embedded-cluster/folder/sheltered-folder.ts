import { chmod, lstat, mkdir } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { canReach, type ServerAccount } from "../postgres/server-account.ts";

const folderName = "seminar-server";

/**
 * A folder outside the checkout that the account can reach and nobody but this user can write: a place for what the
 * account cannot reach where it is. The same one each time, as far as the machine allows.
 */
export async function shelteredFolder(account: ServerAccount): Promise<string> {
  const uid = process.getuid?.();
  const candidates = [
    uid === 0 ? join("/var/lib", folderName) : join(homedir(), ".cache", folderName),
    join(tmpdir(), `${folderName}-${uid}`),
  ];
  for (const folder of candidates) {
    const isMade = await makePassable(folder).then(
      () => true,
      () => false,
    );
    if (isMade && (await isOurs(folder)) && (await canReach(account, folder))) return folder;
  }
  throw new Error(`PostgreSQL's user cannot reach this folder, and none of these either: ${candidates.join(", ")}`);
}

/** Makes a folder, unless it is there, that PostgreSQL's account may pass through whatever the umask is. */
export async function makePassable(folder: string): Promise<void> {
  if (await mkdir(folder, { recursive: true })) await chmod(folder, 0o755);
}

/** In a shared place such as /tmp somebody else may have taken the name, to have us run their files. */
async function isOurs(folder: string): Promise<boolean> {
  const found = await lstat(folder);
  return found.isDirectory() && found.uid === process.getuid?.() && (found.mode & 0o022) === 0;
}
