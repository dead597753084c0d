import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { findPostmaster, stopPostmaster } from "./postmaster.ts";

/**
 * Stops the servers that run in the folder of a cluster though no process owns it: they outlive a process that was
 * killed. The primary comes first by its name, so that its replicas get its last WAL.
 */
export async function stopOrphanedServers(folder: string, onProgress: (step: string) => void): Promise<void> {
  for (const name of (await readdir(folder)).sort()) {
    await stopOrphanedServer(join(folder, name), (pid) => {
      onProgress(`Stopping the server ${name} (process ${pid}) that an earlier run left behind.`);
    });
  }
}

/** Stops the server that runs on a data folder without our having started it, if there is one. */
export async function stopOrphanedServer(dataFolder: string, onFound?: (pid: number) => void): Promise<void> {
  const pid = await findPostmaster(dataFolder);
  if (pid === null) return;
  onFound?.(pid);
  await stopPostmaster(pid, "fast");
}
