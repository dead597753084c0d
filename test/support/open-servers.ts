import { pino } from "pino";
import { type Lane, Servers, type ServersOptions } from "../../src/platform/database/connections/servers.ts";
import { Topology } from "../../src/platform/database/routing/topology/topology.ts";
import type { TestDatabase } from "./database.ts";

export interface OpenServers {
  readonly servers: Servers;
  /** Closes the connections and ends the watch. */
  close(): Promise<void>;
}

/** Servers of a test's own, with two connections in each lane. */
export async function openTestServers(
  { url, replicaUrls }: Pick<TestDatabase, "url" | "replicaUrls">,
  options: Partial<ServersOptions> = {},
): Promise<OpenServers> {
  const lanes: Record<Lane, { size: number }> = {
    write: { size: 2 },
    read: { size: 2 },
    staff: { size: 2 },
    queue: { size: 2 },
    limits: { size: 2 },
    own: { size: 2 },
  };
  const log = pino({ level: "silent" });
  const topology = await Topology.open({ url, replicaUrls, replicaMaxLagMs: 5_000, log });
  const servers = new Servers(topology, {
    poolWaitMs: 5_000,
    poolQueueLimit: 100,
    statementTimeoutMs: 5_000,
    lockTimeoutMs: 5_000,
    preparesStatements: true,
    replicaWaitMs: 50,
    onConnectionError: () => {},
    lanes,
    ...options,
  });
  return {
    servers,
    close: async () => {
      await servers.close();
      await topology.close();
    },
  };
}
