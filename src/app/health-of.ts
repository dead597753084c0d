import type { Topology } from "../platform/database/routing/topology/topology.ts";
import type { Health } from "../platform/http/health-routes.ts";

/** How the databases of a process are, from memory. Whoever can neither join nor work without a primary is not ready. */
export function healthOf(topology: Topology): Health {
  const servers = topology.servers.map(({ name, role, state, lagMs, lagBytes }) => {
    return { name, role, state, lagMs: lagMs === null ? null : Math.round(lagMs), lagBytes };
  });
  return { isReady: topology.primary !== null, servers };
}
