import { Counter, Gauge, type Registry } from "prom-client";
import type { Servers } from "./connections/servers.ts";

/** Adds what Prometheus sees of the database servers. All of it is in memory. */
export function measureServers(registry: Registry, servers: Servers): void {
  measureStates(registry, servers);
  measureTokens(registry, servers);
  measurePools(registry, servers);
}

function measureStates(registry: Registry, { topology }: Servers): void {
  new Gauge({
    name: "seminar_database_up",
    help: "Whether a database server is in use, with its role and state.",
    labelNames: ["server", "role", "state"],
    aggregator: "max",
    registers: [registry],
    collect() {
      this.reset();
      for (const { name, role, state } of topology.servers) {
        this.set({ server: name, role, state }, state === "up" ? 1 : 0);
      }
    },
  });
  new Gauge({
    name: "seminar_replica_lag_seconds",
    help: "How far a replica is behind the primary; infinite when that is longer than the server remembers.",
    labelNames: ["server"],
    aggregator: "max",
    registers: [registry],
    collect() {
      this.reset();
      for (const { name, role, state, lagMs } of topology.servers) {
        if (role !== "replica" || state === "down") continue;
        this.set({ server: name }, lagMs === null ? Number.POSITIVE_INFINITY : lagMs / 1_000);
      }
    },
  });
  new Gauge({
    name: "seminar_replica_lag_bytes",
    help: "How much of the primary's log a replica has not replayed yet.",
    labelNames: ["server"],
    aggregator: "max",
    registers: [registry],
    collect() {
      this.reset();
      for (const { name, lagBytes } of topology.servers) if (lagBytes !== null) this.set({ server: name }, lagBytes);
    },
  });
  new Gauge({
    name: "seminar_primary_missing",
    help: "1 while no database server takes writes.",
    aggregator: "max",
    registers: [registry],
    collect() {
      this.set(topology.primary ? 0 : 1);
    },
  });
  counter(registry, "seminar_primaries_refused_total", "Second primaries that were refused.", () => topology.refusals);
}

function measureTokens(registry: Registry, { tokens }: Servers): void {
  counter(
    registry,
    "seminar_token_hits_total",
    "Queries with a consistency token that a replica could serve at once.",
    () => tokens.hits,
  );
  counter(
    registry,
    "seminar_token_waits_total",
    "Queries with a consistency token that waited for a replica.",
    () => tokens.waits,
  );
  counter(
    registry,
    "seminar_token_fallbacks_total",
    "Queries with a consistency token that went to the primary.",
    () => tokens.fallbacks,
  );
}

function measurePools(registry: Registry, servers: Servers): void {
  new Gauge({
    name: "seminar_pool_connections",
    help: "Connections to a database server, by what they are for and whether somebody uses them.",
    labelNames: ["server", "lane", "state"],
    registers: [registry],
    collect() {
      this.reset();
      for (const [labels, { totalCount, idleCount }] of pools(servers)) {
        this.set({ ...labels, state: "idle" }, idleCount);
        this.set({ ...labels, state: "busy" }, totalCount - idleCount);
      }
    },
  });
  new Gauge({
    name: "seminar_pool_waiting",
    help: "How many wait for a connection.",
    labelNames: ["server", "lane"],
    registers: [registry],
    collect() {
      this.reset();
      for (const [labels, { waitingCount }] of pools(servers)) this.set(labels, waitingCount);
    },
  });
}

function pools({ all }: Servers) {
  return all.flatMap((server) =>
    [...server.pools].map(([lane, pool]) => [{ server: server.name, lane }, pool] as const),
  );
}

/** A counter that somebody else counts. */
function counter(registry: Registry, name: string, help: string, count: () => number): void {
  new Counter({
    name,
    help,
    registers: [registry],
    collect() {
      this.reset();
      this.inc(count());
    },
  });
}
