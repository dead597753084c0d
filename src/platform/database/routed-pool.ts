import type { PostgresPool, PostgresPoolClient } from "kysely";
import type { PoolClient } from "pg";
import { currentRoute, type Route, type Side } from "./route.ts";
import type { Servers } from "./servers.ts";

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
      return route ? counted(client, route) : client;
    },
    // The pools belong to `Servers`, which closes them.
    async end() {},
  };
}

/** The client, counting its statements on the route. */
function counted(client: PoolClient, route: Route): PostgresPoolClient {
  return Object.create(client, {
    query: {
      value: (...args: Parameters<PoolClient["query"]>) => {
        route.statements++;
        return client.query(...args);
      },
    },
    release: { value: (error?: Error) => client.release(error) },
  });
}
