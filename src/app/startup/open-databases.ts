import pg from "pg";
import type { Config } from "../../config.ts";
import { type EmbeddedClusterAddresses, findEmbeddedCluster } from "../../embedded-cluster/find-embedded-cluster.ts";
import { startEmbeddedCluster } from "../../embedded-cluster/start-embedded-cluster.ts";
import { findPrimary } from "../../platform/database/routing/topology/find-primary.ts";
import type { DatabaseUrls } from "../database-urls.ts";

/** The databases of the configuration, for as long as they are needed. */
export interface OpenDatabases extends DatabaseUrls {
  /** The address of the server that takes the writes now: after a failover it may be one of the replicas. */
  readonly primaryUrl: string;
  /** Whether they belong to an embedded cluster, whose password is no secret on this machine. */
  readonly isEmbedded: boolean;
  /** Stops what was started for this. */
  close(): Promise<void>;
}

const databaseName = "seminar";
const auditDatabaseName = "seminar_audit";
const connectTimeoutMs = 5_000;

/** The databases for a server: the embedded cluster is its own, and it is refused when another server has it. */
export async function openDatabases(config: Config, onProgress: (step: string) => void): Promise<OpenDatabases> {
  if (config.database.url) return await external(config, config.database.url);
  const cluster = await startEmbeddedCluster({ ...config.embedded, onProgress });
  try {
    await cluster.ensureDatabase(databaseName);
    if (!config.audit.url) await cluster.ensureDatabase(auditDatabaseName);
  } catch (error) {
    await cluster.stop();
    throw error;
  }
  return embedded(urlsOf(cluster, config), () => cluster.stop());
}

/** The databases for a tool: those of the server that runs on the same data folder, if one does. */
export async function borrowDatabases(config: Config, onProgress: (step: string) => void): Promise<OpenDatabases> {
  const running = config.database.url ? null : await findEmbeddedCluster(config.embedded.dataDir);
  if (!running) return await openDatabases(config, onProgress);
  return embedded(urlsOf(running, config), async () => {});
}

function embedded(urls: DatabaseUrls, close: () => Promise<void>): OpenDatabases {
  return { ...urls, primaryUrl: urls.url, isEmbedded: true, close };
}

function urlsOf({ primary, replicas }: EmbeddedClusterAddresses, config: Config): DatabaseUrls {
  return {
    url: primary.url(databaseName),
    replicaUrls: replicas.map((replica) => replica.url(databaseName)),
    auditUrl: config.audit.url ?? primary.url(auditDatabaseName),
  };
}

async function external(config: Config, url: string): Promise<OpenDatabases> {
  const auditUrl = config.audit.url;
  if (!auditUrl) throw new Error("Without an embedded cluster the audit database needs an address.");
  const { replicaUrls } = config.database;
  const primaryUrl = await findPrimary([url, ...replicaUrls]);
  if (!primaryUrl) throw await whyNot(url);
  return { url, primaryUrl, replicaUrls, auditUrl, isEmbedded: false, close: async () => {} };
}

/** Tells where the primary was looked for and why it cannot be used, without the password. */
async function whyNot(url: string): Promise<Error> {
  const { host, pathname } = new URL(url);
  const reason = await tryToConnect(url).catch(reasonOf);
  return new Error(
    `The database ${pathname.slice(1)} at ${host || "this machine"} (DATABASE_URL) cannot be used: ${reason}.`,
  );
}

/** @returns why a server that can be reached is of no use */
async function tryToConnect(url: string): Promise<string> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: connectTimeoutMs });
  await client.connect();
  await client.end();
  return "it does not take writes, and neither does any replica";
}

function reasonOf(error: unknown): string {
  // A name with several addresses fails once for each of them.
  if (error instanceof AggregateError) return [...new Set(error.errors.map(reasonOf))].join(", ");
  return error instanceof Error ? error.message : String(error);
}
