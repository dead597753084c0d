import type { Config } from "../config.ts";
import { findEmbeddedCluster } from "../platform/database/embedded/find-embedded-cluster.ts";
import { startEmbeddedCluster } from "../platform/database/embedded/start-embedded-cluster.ts";
import type { DatabaseUrls } from "./create-app.ts";

/** The databases of the configuration, for as long as they are needed. */
export interface OpenDatabases extends DatabaseUrls {
  /** Stops what was started for this. */
  close(): Promise<void>;
}

const databaseName = "seminar";

/** The databases for a server: the embedded cluster is its own, and it is refused when another server has it. */
export async function openDatabases(config: Config, onProgress: (step: string) => void): Promise<OpenDatabases> {
  if (config.database.url) return external(config, config.database.url);
  const cluster = await startEmbeddedCluster({ ...config.embedded, onProgress });
  try {
    await cluster.ensureDatabase(databaseName);
  } catch (error) {
    await cluster.stop();
    throw error;
  }
  return {
    url: cluster.primary.url(databaseName),
    replicaUrls: cluster.replicas.map((replica) => replica.url(databaseName)),
    close: () => cluster.stop(),
  };
}

/** The databases for a tool: those of the server that runs on the same data folder, if one does. */
export async function borrowDatabases(config: Config, onProgress: (step: string) => void): Promise<OpenDatabases> {
  const running = config.database.url ? null : await findEmbeddedCluster(config.embedded.dataDir);
  if (!running) return await openDatabases(config, onProgress);
  return {
    url: running.primary.url(databaseName),
    replicaUrls: running.replicas.map((replica) => replica.url(databaseName)),
    close: async () => {},
  };
}

function external(config: Config, url: string): OpenDatabases {
  return { url, replicaUrls: config.database.replicaUrls, close: async () => {} };
}
