import { readdir, rm, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { errorCode } from "../../platform/error-code.ts";
import { identifyProcess, isRunning, type ProcessIdentity } from "../postgres/process-table.ts";

/** Held while a process runs the cluster of a folder. */
export interface ClusterLock {
  readonly owner: ProcessIdentity;
  release(): Promise<void>;
}

const prefix = "owner-";
const attempts = 6;

/**
 * Takes the right to run the cluster of this folder, or throws saying who has it.
 *
 * A claim is a file named after one process and its start, so it ends with the process, however that dies, and anyone
 * may remove a dead one: no other process can ever have the same name. Who sees another live claim withdraws; who
 * withdraws at the same instant as another tries again a little later.
 */
export async function lockCluster(folder: string): Promise<ClusterLock> {
  const owner = await identifyProcess(process.pid);
  if (!owner) throw new Error("This process cannot be found in the process table.");
  const claim = join(folder, claimName(owner));
  for (let attempt = 1; ; attempt += 1) {
    await writeFile(claim, "", { flag: "wx" }).catch((cause: unknown) => {
      if (errorCode(cause) === "EEXIST") throw refusal(folder, owner.pid);
      throw new Error(`The data folder ${folder} cannot be written by this user.`, { cause });
    });
    const rival = await findRival(folder, owner);
    if (!rival) return { owner, release: () => rm(claim, { force: true }) };
    await rm(claim, { force: true });
    if (attempt === attempts) throw refusal(folder, rival.pid);
    await sleep(10 + Math.random() * 40);
  }
}

/** Whether a file in a cluster's folder belongs to its lock. */
export function isClaim(path: string): boolean {
  return basename(path).startsWith(prefix);
}

async function findRival(folder: string, self: ProcessIdentity): Promise<ProcessIdentity | null> {
  for (const name of (await readdir(folder)).filter(isClaim)) {
    const claimant = parseClaim(name);
    if (name === claimName(self) || !claimant) continue;
    if (await isRunning(claimant)) return claimant;
    await rm(join(folder, name), { force: true });
  }
  return null;
}

function claimName({ pid, startedAt }: ProcessIdentity): string {
  return `${prefix}${pid}-${encodeURIComponent(startedAt)}`;
}

function parseClaim(name: string): ProcessIdentity | null {
  const match = /^owner-(\d+)-(.+)$/.exec(name);
  return match?.[2] ? { pid: Number(match[1]), startedAt: decodeURIComponent(match[2]) } : null;
}

function refusal(folder: string, pid: number): Error {
  const who = pid === process.pid ? "this process" : `the process ${pid}`;
  return new Error(`The PostgreSQL cluster in ${folder} is in use by ${who}. Stop it, or use another data folder.`);
}
