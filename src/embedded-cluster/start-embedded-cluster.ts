import { readFile } from "node:fs/promises";
import pg from "pg";
import { ensureDatabase } from "./ensure-database.ts";
import { clusterEntry, emptyClusterFolder, openClusterFolder } from "./folder/cluster-folder.ts";
import { lockCluster } from "./folder/cluster-lock.ts";
import { ensurePasswordFile, removeClusterState, writeClusterState } from "./folder/cluster-state.ts";
import { removeLeftovers } from "./folder/leftovers.ts";
import { stopOrphanedServers } from "./postgres/orphaned-servers.ts";
import { findPostgresBinaries } from "./postgres/postgres-binaries.ts";
import type { ClusterContext, PostgresServer } from "./postgres/postgres-server.ts";
import { findServerAccount } from "./postgres/server-account.ts";
import { dropLeftoverSlots } from "./replication-slots.ts";
import { startPrimary } from "./start-primary.ts";
import { startReplica } from "./start-replica.ts";

export interface EmbeddedClusterOptions {
  /** Created when missing. */
  readonly dataDir: string;
  /** How many streaming replicas, 0 or more. */
  readonly replicas: number;
  /** Extra settings of every server, for example `{ fsync: 'off' }`. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Hears one short sentence for each step of a long start. */
  readonly onProgress?: (step: string) => void;
}

/** One PostgreSQL server of the cluster. */
export interface EmbeddedServer {
  /** `primary`, `replica-1`, ... */
  readonly name: string;
  readonly port: number;
  /** The address of one of its databases. */
  url(database: string): string;
  /** Starts it again on the same port and data, and resolves when it accepts connections. */
  start(): Promise<void>;
  stop(mode: "fast" | "immediate"): Promise<void>;
  /** Ends it as a power cut would, and resolves when its processes are gone. */
  kill(): Promise<void>;
  /** Makes a replica a primary until the cluster stops; at the next start it is a new replica of the old primary. */
  promote(): Promise<void>;
}

/** A primary and its replicas, run by this process. */
export interface EmbeddedCluster {
  readonly primary: EmbeddedServer;
  readonly replicas: readonly EmbeddedServer[];
  /** Creates the database when missing, and resolves when the replicas have it too. */
  ensureDatabase(name: string): Promise<void>;
  /** Stops all servers and lets others use the data folder. May be called again. */
  stop(): Promise<void>;
}

/** Starts the PostgreSQL cluster of a data folder, making it first when it is new. One process may do so at a time. */
export async function startEmbeddedCluster(options: EmbeddedClusterOptions): Promise<EmbeddedCluster> {
  const { dataDir, settings = {}, onProgress = () => undefined } = options;
  const account = await findServerAccount(`${clusterEntry(dataDir)}/primary`);
  const { path: folder, isAbandoned } = await openClusterFolder(dataDir, account, onProgress);
  const lock = await lockCluster(folder);
  const servers: PostgresServer[] = [];
  const stop = async (): Promise<void> => {
    await stopServers(servers);
    await removeClusterState(folder);
    await lock.release();
  };
  try {
    await stopOrphanedServers(folder, onProgress);
    if (isAbandoned) await emptyClusterFolder(folder);
    const replicaNames = Array.from({ length: options.replicas }, (_, index) => `replica-${index + 1}`);
    await removeLeftovers(folder, replicaNames, onProgress);
    const binaries = await findPostgresBinaries(account, onProgress);
    const passwordFile = await ensurePasswordFile(folder, account);
    const password = await readFile(passwordFile, "utf8");
    const context = { folder, account, binaries, password, settings, onProgress };
    await startServers(servers, replicaNames, passwordFile, context);
    const addresses = servers.map(({ name, port }) => ({ name, port }));
    await writeClusterState(folder, { owner: lock.owner, password, servers: addresses });
  } catch (error) {
    await stop();
    throw error;
  }
  return asCluster(servers, stop);
}

/** Adds each server to `servers` as soon as it runs. */
async function startServers(
  servers: PostgresServer[],
  replicaNames: readonly string[],
  passwordFile: string,
  context: ClusterContext,
): Promise<void> {
  const primary = await startPrimary(context, passwordFile);
  servers.push(primary);
  const client = new pg.Client({ connectionString: primary.url("postgres"), ssl: false });
  // What befalls the connection fails the query at hand; as an event too it would end this process.
  client.on("error", () => undefined);
  await client.connect();
  try {
    await dropLeftoverSlots(client, replicaNames);
    for (const name of replicaNames) servers.push(await startReplica(name, primary, client, context));
  } finally {
    await client.end();
  }
}

function asCluster(servers: readonly PostgresServer[], stop: () => Promise<void>): EmbeddedCluster {
  const [primary, ...replicas] = servers;
  if (!primary) throw new Error("A cluster has a primary.");
  let stopping: Promise<void> | null = null;
  return {
    primary,
    replicas,
    ensureDatabase: (name) => ensureDatabase(primary.url("postgres"), name),
    stop() {
      stopping ??= stop();
      return stopping;
    },
  };
}

/** The primary first: it ends when its replicas have its last WAL. */
async function stopServers([primary, ...replicas]: readonly PostgresServer[]): Promise<void> {
  await primary?.stop("fast");
  await Promise.all(replicas.map((replica) => replica.stop("fast")));
}
