import type { FastifyInstance } from "fastify";

/** How a process is. */
export interface Health {
  /** Whether it can do its work now. */
  readonly isReady: boolean;
  /** The database servers, without their addresses: anybody may ask. */
  readonly servers: readonly object[];
}

/** What a process tells whoever runs it. */
export interface HealthOptions {
  health(): Health | Promise<Health>;
  /** What it counts, for Prometheus. */
  metrics(): Promise<{ contentType: string; text: string }>;
}

/** Adds `/health/live`, `/health/ready` and `/metrics`. */
export function addHealthRoutes(http: FastifyInstance, { health, metrics }: HealthOptions): void {
  http.get("/health/live", async () => ({ status: "live" }));
  http.get("/health/ready", async (_request, reply) => {
    const { isReady, servers } = await health();
    return reply.code(isReady ? 200 : 503).send({ status: isReady ? "ready" : "not ready", servers });
  });
  http.get("/metrics", async (_request, reply) => {
    const { contentType, text } = await metrics();
    return reply.type(contentType).send(text);
  });
}
