import type { PostgresPool, PostgresPoolClient } from "kysely";
import type { PoolClient } from "pg";
import { currentRoute, type Route, type Side } from "./route.ts";
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
      const server = route?.serverFor(side) ?? servers.primary;
      const client = await server.pool.connect();
      return lend(client, route);
    },
    // The pools belong to `Servers`, which closes them.
    async end() {},
  };
}

/** The pool of one server as the ORM takes it. The pool belongs to who made it. */
export function plainPool(server: Server): PostgresPool {
  return { options: {}, connect: async () => lend(await server.pool.connect(), undefined), async end() {} };
}

/**
 * The client, counting its statements on the route. A connection that breaks while it is lent goes back to its pool at
 * once: after a rollback that failed, as it does on a broken connection, Kysely never gives it back, and with each
 * such connection the pool would lose a place for good.
 */
function lend(client: PoolClient, route: Route | undefined): PostgresPoolClient {
  let isLent = true;
  const giveBack = (isBroken: boolean) => {
    if (!isLent) return;
    isLent = false;
    client.removeListener("end", onEnd);
    client.release(isBroken);
  };
  const onEnd = () => giveBack(true);
  client.once("end", onEnd);
  return Object.create(client, {
    query: {
      value: (...args: Parameters<PoolClient["query"]>) => {
        if (route) route.statements++;
        return client.query(...args);
      },
    },
    release: { value: () => giveBack(false) },
  });
}
