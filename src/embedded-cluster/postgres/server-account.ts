import { execFile } from "node:child_process";
import { chmod, chown, stat } from "node:fs/promises";
import { promisify } from "node:util";

/** Whom PostgreSQL runs as. Empty when that is the user of this process. Fits the options of `spawn`. */
export interface ServerAccount {
  readonly uid?: number;
  readonly gid?: number;
}

const run = promisify(execFile);
const accountName = "postgres";

/**
 * The account that PostgreSQL runs as: this user, or for root (whom PostgreSQL refuses) the owner of `existingData`,
 * else the user `postgres`, who is made when missing.
 */
export async function findServerAccount(existingData: string): Promise<ServerAccount> {
  if (process.getuid?.() !== 0) return {};
  const owner = await stat(existingData).catch(() => null);
  if (owner && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid };
  return (await lookUpAccount()) ?? (await createAccount());
}

/** Gives a path to the account, so that the server may use what this process made for it. */
export async function giveTo(account: ServerAccount, path: string): Promise<void> {
  if (account.uid !== undefined && account.gid !== undefined) await chown(path, account.uid, account.gid);
}

/** Whether the account may pass through all folders down to this one. */
export async function canReach(account: ServerAccount, folder: string): Promise<boolean> {
  if (account.uid === undefined) return true;
  const probe = run("/bin/sh", ["-c", 'test -x "$0"', folder], { ...account, cwd: "/" });
  return probe.then(
    () => true,
    () => false,
  );
}

/** Lets the account, and nobody else, pass through a folder that this user keeps private. It may not list it. */
export async function admit(account: ServerAccount, folder: string): Promise<void> {
  const { uid, mode } = await stat(folder);
  if (account.gid === undefined || uid !== process.getuid?.() || (mode & 0o070) !== 0) return;
  await chown(folder, uid, account.gid);
  await chmod(folder, (mode & 0o777) | 0o010);
}

async function lookUpAccount(): Promise<ServerAccount | null> {
  try {
    const [uid, gid] = await Promise.all([run("id", ["-u", accountName]), run("id", ["-g", accountName])]);
    return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
  } catch {
    return null;
  }
}

async function createAccount(): Promise<ServerAccount> {
  // Either may fail because another process has just done it; only the outcome counts.
  await run("groupadd", ["--system", accountName]).catch(() => undefined);
  await run("useradd", ["--system", "--gid", accountName, "--no-create-home", accountName]).catch(() => undefined);
  const account = await lookUpAccount();
  if (account) return account;
  throw new Error(
    `PostgreSQL refuses to run as root, and the user "${accountName}" could not be made. ` +
      "Make that user, or start as an ordinary user.",
  );
}
