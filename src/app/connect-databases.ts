import type { MikroORM } from "@mikro-orm/postgresql";
import type { Logger } from "pino";
import type { Config } from "../config.ts";
import { createPlainOrm, createRoutedOrm } from "../platform/database/connections/orm.ts";
import { openPool, type PoolSettings } from "../platform/database/connections/pools.ts";
import { Servers, type ServersOptions } from "../platform/database/connections/servers.ts";
import { Topology } from "../platform/database/routing/topology/topology.ts";
import type { DatabaseUrls } from "./database-urls.ts";
import { auditEntities, entities } from "./entities.ts";

export interface ConnectionSettings {
  /** The pools on each server. */
  lanes: ServersOptions["lanes"];
  audit: PoolSettings;
  /** One that is watched already, by whoever closes it; else the servers are watched for these connections. */
  topology?: Topology;
}

/** The connections of one program to its databases. */
export interface DatabaseConnections {
  readonly servers: Servers;
  readonly orm: MikroORM;
  readonly auditOrm: MikroORM;
  close(): Promise<void>;
}

/** Connects to the databases as the configuration says. Each server has been looked at when this resolves. */
export async function connectDatabases(
  config: Config,
  databases: DatabaseUrls,
  settings: ConnectionSettings,
  log: Logger,
): Promise<DatabaseConnections> {
  const { database } = config;
  const options = {
    ...database,
    onConnectionError: (server: string, err: Error) => log.warn({ err, server }, "a database connection was lost"),
  };
  const { url, replicaUrls } = databases;
  const { replicaMaxLagMs } = database;
  const topology = settings.topology ?? (await Topology.open({ url, replicaUrls, replicaMaxLagMs, log }));
  const servers = new Servers(topology, { ...options, lanes: settings.lanes });
  const auditPool = openPool(() => "audit", databases.auditUrl, options, settings.audit);
  const orm = await createRoutedOrm(servers, entities);
  const auditOrm = await createPlainOrm("audit", auditPool, database, auditEntities);
  return {
    servers,
    orm,
    auditOrm,
    close: async () => {
      await Promise.all([orm.close(), auditOrm.close()]);
      await Promise.all([servers.close(), auditPool.end()]);
      if (topology !== settings.topology) await topology.close();
    },
  };
}
