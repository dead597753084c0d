import type { PostgresPool } from "kysely";
import type pg from "pg";
import { Unavailable } from "../database-errors.ts";
import { currentRoute, type Side } from "../routing/route.ts";
import { type Lending, lend } from "./lent-client.ts";
import { connect } from "./pools.ts";
import type { Server, Servers } from "./servers.ts";

/**
 * What the ORM takes for its pool: it looks up the route of the operation that asks and borrows from that server's
 * real pool. MikroORM's own choice, a random replica for each statement, would show one operation several states.
 */
export function routedPool(side: Side, servers: Servers): PostgresPool {
  return {
    options: {},
    async connect() {
      const route = currentRoute();
      const { server, lane } = route?.connectionFor(side) ?? { server: servers.primary, lane: "write" };
      const requirePrimary = () => {
        if (!servers.isPrimary(server))
          throw new Unavailable("NO_PRIMARY", "The server does not take writes any more.");
      };
      const client = await connected(server.connect(lane), server, (lost) => route?.lost(lost));
      return lend(client, {
        statementTimeoutMs: server.statementTimeoutMs(lane),
        lockTimeoutMs: route?.lockTimeoutMs ?? server.lockTimeoutMs,
        preparesStatements: server.preparesStatements,
        onStatement: () => {
          if (route) route.statements++;
        },
        onLost: () => route?.lost(server),
        requirePrimary,
        onCommit: route && ((position) => route.reached(position)),
      });
    },
    // The pools belong to `Servers`, which closes them.
    async end() {},
  };
}

/** A pool of a server that has no replicas, as the ORM takes it. It belongs to who made it. */
export function plainPool(
  name: string,
  pool: pg.Pool,
  limits: Pick<Lending, "statementTimeoutMs" | "lockTimeoutMs">,
): PostgresPool {
  const lending = { ...limits, preparesStatements: false };
  return { options: {}, connect: async () => lend(await connect(pool, name), lending), async end() {} };
}

async function connected(
  connecting: Promise<pg.PoolClient>,
  server: Server,
  onLost: (server: Server) => void,
): Promise<pg.PoolClient> {
  try {
    return await connecting;
  } catch (error) {
    if (error instanceof Unavailable && error.code === "UNREACHABLE") onLost(server);
    throw error;
  }
}
