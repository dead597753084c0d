import { stderr } from "node:process";
import type { EntityManager } from "@mikro-orm/postgresql";
import type { Config } from "../../config.ts";
import { bringPrimaryUpToDate } from "../startup/ensure-migrated.ts";
import { borrowDatabases, type OpenDatabases } from "../startup/open-databases.ts";
import { createProgress } from "../startup/print-progress.ts";
import { withPrimaryEntityManager } from "./with-primary-entity-manager.ts";

/**
 * Lends a tool the databases: those of the server that runs on the same data folder, if one does; else they are
 * started for the tool and stopped after it.
 */
export async function withDatabases<T>(
  config: Config,
  stopping: AbortSignal,
  work: (databases: OpenDatabases) => Promise<T>,
): Promise<T> {
  const progress = createProgress(stderr.isTTY);
  const databases = await borrowDatabases(config, (step) => {
    stopping.throwIfAborted();
    progress.step(step);
  });
  try {
    return await work(databases);
  } finally {
    await databases.close();
  }
}

/** Lends a tool an entity manager on the primary, with all migrations run. */
export function withEntityManager<T>(
  config: Config,
  stopping: AbortSignal,
  work: (em: EntityManager) => Promise<T>,
): Promise<T> {
  return withDatabases(config, stopping, async ({ primaryUrl }) => {
    await bringPrimaryUpToDate(config.environment, primaryUrl);
    return await withPrimaryEntityManager(config, primaryUrl, work);
  });
}
