import { execFile } from "node:child_process";
import { readdir, readFile, readlink } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";

/** Tells a process from a later one that was given the same pid. */
export interface ProcessIdentity {
  readonly pid: number;
  readonly startedAt: string;
}

interface ProcessEntry extends ProcessIdentity {
  readonly parentPid: number;
}

const hasProc = process.platform === "linux";
const run = promisify(execFile);

/** The identity of a live process, or null. A zombie is not live: it holds nothing any more. */
export async function identifyProcess(pid: number): Promise<ProcessIdentity | null> {
  const entry = await readEntry(pid);
  return entry && { pid, startedAt: entry.startedAt };
}

/** Whether this very process still lives. */
export async function isRunning(identity: ProcessIdentity): Promise<boolean> {
  return (await readEntry(identity.pid))?.startedAt === identity.startedAt;
}

/** The live children of a process. */
export async function childrenOf(pid: number): Promise<number[]> {
  return (await readEntries()).filter((entry) => entry.parentPid === pid).map((entry) => entry.pid);
}

/** Waits until none of the processes lives; false when `timeoutMs` passed before. */
export async function waitUntilGone(pids: readonly number[], timeoutMs: number): Promise<boolean> {
  const deadline = Date.now() + timeoutMs;
  for (const pid of pids) {
    while (await readEntry(pid)) {
      if (Date.now() > deadline) return false;
      await sleep(10);
    }
  }
  return true;
}

/** Whether a process is a PostgreSQL server on that data folder (its real path). */
export async function servesFolder(pid: number, dataFolder: string): Promise<boolean> {
  if (!(await readEntry(pid))) return false;
  if (!hasProc) return (await ps(["-o", "command=", "-p", String(pid)])).includes(`-D ${dataFolder} -p`);
  // A postmaster works inside its data folder. Another user's process cannot be looked into, and cannot be ours.
  const folder = await readlink(`/proc/${pid}/cwd`).catch(() => null);
  const command = await readFile(`/proc/${pid}/comm`, "utf8").catch(() => "");
  return folder === dataFolder && command.trim() === "postgres";
}

async function readEntries(): Promise<ProcessEntry[]> {
  if (!hasProc) return parsePs(await ps(["-A", "-o", psColumns]));
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const entries = await Promise.all(pids.map((pid) => readEntry(Number(pid))));
  return entries.filter((entry) => entry !== null);
}

async function readEntry(pid: number): Promise<ProcessEntry | null> {
  if (!hasProc) return parsePs(await ps(["-o", psColumns, "-p", String(pid)]))[0] ?? null;
  const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => null);
  if (stat === null) return null;
  // The second field, the name in brackets, may itself hold spaces and brackets.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  if (isDeadState(fields[0])) return null;
  return { pid, parentPid: Number(fields[1]), startedAt: `${fields[19]}@${await bootId()}` };
}

/** Start times count from boot, so they mean little without saying which boot. */
async function bootId(): Promise<string> {
  const id = await readFile("/proc/sys/kernel/random/boot_id", "utf8").catch(() => "");
  return id.slice(0, 8);
}

const psColumns = "pid=,ppid=,stat=,lstart=";

async function ps(options: string[]): Promise<string> {
  // ps fails when no process matches.
  return run("ps", options, { env: { LC_ALL: "C", PATH: "/bin:/usr/bin" } }).then(
    ({ stdout }) => stdout,
    () => "",
  );
}

function parsePs(output: string): ProcessEntry[] {
  return output.split("\n").flatMap((line) => {
    const match = /^\s*(\d+)\s+(\d+)\s+(\S+)\s+(.+?)\s*$/.exec(line);
    if (!match || isDeadState(match[3])) return [];
    return [{ pid: Number(match[1]), parentPid: Number(match[2]), startedAt: match[4] ?? "" }];
  });
}

function isDeadState(state: string | undefined): boolean {
  return state?.startsWith("Z") === true || state?.startsWith("X") === true;
}
