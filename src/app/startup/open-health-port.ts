import Fastify from "fastify";
import type { Config } from "../../config.ts";
import { addHealthRoutes, type HealthOptions } from "../../platform/http/health-routes.ts";
import { listen } from "./listen.ts";

/** A port that tells of this process and does nothing else. */
export interface HealthPort {
  /** `null` when the configuration names no port. */
  readonly address: string | null;
  close(): Promise<void>;
}

/**
 * Tells of a worker on the port of its own that the configuration names, if it names one.
 * @throws telling why the port cannot be had.
 */
export async function openHealthPort({ http, worker }: Config, health: HealthOptions): Promise<HealthPort> {
  if (worker.port === null) return { address: null, close: async () => {} };
  const server = Fastify({ logger: false, requestTimeout: 30_000 });
  addHealthRoutes(server, health);
  const address = await listen(server, { host: http.host, port: worker.port }, "WORKER_PORT");
  return { address, close: () => server.close() };
}
