import type { EntityManager } from "@mikro-orm/postgresql";
import { pino } from "pino";
import type { Config } from "../../config.ts";
import { createRoutedOrm } from "../../platform/database/connections/orm.ts";
import { Servers } from "../../platform/database/connections/servers.ts";
import { Topology } from "../../platform/database/routing/topology/topology.ts";
import { entities } from "../entities.ts";

/** Lends an entity manager on the primary, which has all migrations, with connections of its own. */
export async function withPrimaryEntityManager<T>(
  { database }: Config,
  primaryUrl: string,
  work: (em: EntityManager) => Promise<T>,
): Promise<T> {
  const log = pino({ level: "silent" });
  const topology = await Topology.open({ ...database, url: primaryUrl, replicaUrls: [], log });
  const lanes = { write: { size: database.poolSize } };
  const servers = new Servers(topology, { ...database, lanes, onConnectionError: () => {} });
  try {
    const orm = await createRoutedOrm(servers, entities);
    return await work(orm.em.fork());
  } finally {
    await servers.close();
    await topology.close();
  }
}
