import { clusterEntry } from "./folder/cluster-folder.ts";
import { databaseUrl, readClusterState } from "./folder/cluster-state.ts";
import { isRunning } from "./postgres/process-table.ts";

/** Where a server of the cluster can be reached. */
export interface EmbeddedServerAddress {
  readonly name: string;
  url(database: string): string;
}

export interface EmbeddedClusterAddresses {
  readonly primary: EmbeddedServerAddress;
  readonly replicas: readonly EmbeddedServerAddress[];
}

/** The addresses of the cluster that another process runs on this data folder, or null when none does. */
export async function findEmbeddedCluster(dataDir: string): Promise<EmbeddedClusterAddresses | null> {
  const state = await readClusterState(clusterEntry(dataDir));
  if (!state || !(await isRunning(state.owner))) return null;
  const [primary, ...replicas] = state.servers.map(({ name, port }) => ({
    name,
    url: (database: string) => databaseUrl(port, state.password, database),
  }));
  return primary ? { primary, replicas } : null;
}
