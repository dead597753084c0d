import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";

const suffix = ".new";

/**
 * What something is called until it is whole. No two runs share such a name: a program of an interrupted run may go on
 * writing there for a while.
 */
export function temporaryName(path: string): string {
  return `${path}.${process.pid}-${Date.now()}${suffix}`;
}

/** Removes what interrupted runs left, and the replicas that are no longer wanted: both can be made again. */
export async function removeLeftovers(
  folder: string,
  replicas: readonly string[],
  onProgress: (step: string) => void,
): Promise<void> {
  for (const name of await readdir(folder)) {
    const isUnwanted = /^replica-\d+$/.test(name) && !replicas.includes(name);
    if (isUnwanted) onProgress(`Removing ${name}, which is no longer wanted.`);
    if (isUnwanted || name.endsWith(suffix)) {
      await rm(join(folder, name), { recursive: true, force: true, maxRetries: 5 });
    }
  }
}
