import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { errorCode } from "../../platform/error-code.ts";
import { childrenOf, servesFolder, waitUntilGone } from "./process-table.ts";

/** How a server is asked to stop: after a checkpoint, or at once (then the next start replays its WAL). */
export type StopMode = "fast" | "immediate";

/** What a server writes about itself into its data folder. */
export interface PidFile {
  readonly pid: number;
  readonly acceptsConnections: boolean;
}

// A primary waits for a stuck replica, and then comes that one's turn. Both together must end well within the 15 s that
// a shutdown may take.
const patienceMs = { SIGINT: 4_000, SIGQUIT: 1_000, SIGKILL: 5_000 };

/** The pid file of a data folder, or null. Its process may be long gone. */
export async function readPidFile(dataFolder: string): Promise<PidFile | null> {
  const text = await readFile(join(dataFolder, "postmaster.pid"), "utf8").catch(() => "");
  const lines = text.split("\n");
  const pid = Number(lines[0]);
  return pid > 0 ? { pid, acceptsConnections: lines[7]?.trim() === "ready" } : null;
}

/**
 * The pid of the server that runs on a data folder (its real path) without our having started it, or null. A pid file
 * whose number belongs to another program now is removed: PostgreSQL would take that program for a server.
 */
export async function findPostmaster(dataFolder: string): Promise<number | null> {
  const file = await readPidFile(dataFolder);
  if (!file) return null;
  if (await servesFolder(file.pid, dataFolder)) return file.pid;
  if (sendSignal(file.pid, 0)) await rm(join(dataFolder, "postmaster.pid"), { force: true });
  return null;
}

/** Stops a server, more rudely when it does not listen; resolves when it is gone. */
export async function stopPostmaster(pid: number, mode: StopMode): Promise<void> {
  const signals = mode === "fast" ? (["SIGINT", "SIGQUIT"] as const) : (["SIGQUIT"] as const);
  for (const signal of signals) {
    sendSignal(pid, signal);
    if (await waitUntilGone([pid], patienceMs[signal])) return;
  }
  await killPostmaster(pid);
}

/** Ends a server and its children as a power cut would; resolves when they are gone. */
export async function killPostmaster(pid: number): Promise<void> {
  const family = [pid, ...(await childrenOf(pid))];
  for (const member of family) sendSignal(member, "SIGKILL");
  if (await waitUntilGone(family, patienceMs.SIGKILL)) return;
  throw new Error(`The PostgreSQL server ${pid} could not be killed.`);
}

/** Sends a signal to a process that may be gone by now; false when it is. Signal 0 only asks for that. */
function sendSignal(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, signal);
  } catch (error) {
    if (errorCode(error) === "ESRCH") return false;
    if (errorCode(error) === "EPERM" && signal === 0) return true;
    throw error;
  }
}
