import type { Pool } from "pg";
import { Gauge, type Registry } from "prom-client";

const states = ["WAITING", "SCHEDULED", "RUNNING", "FAILED"] as const;

type QueueState = Record<Lowercase<(typeof states)[number]>, number> & { oldest: number };

/** Adds what Prometheus sees of the queue: it is counted in the database whenever somebody asks. */
export function measureQueue(registry: Registry, pool: Pool, onError: (error: unknown) => void): void {
  // Both gauges are asked at the same moment; one statement answers both.
  let counting: Promise<QueueState | null> | null = null;
  const count = () => {
    counting ??= countJobs(pool)
      .catch((error) => {
        onError(error);
        return null;
      })
      .finally(() => {
        counting = null;
      });
    return counting;
  };
  new Gauge({
    name: "seminar_jobs",
    help: "Jobs in the queue, by state.",
    labelNames: ["state"],
    aggregator: "first",
    registers: [registry],
    async collect() {
      const queue = await count();
      this.reset();
      if (!queue) return;
      for (const state of states) this.set({ state }, queue[state.toLowerCase() as Lowercase<typeof state>]);
    },
  });
  new Gauge({
    name: "seminar_oldest_job_seconds",
    help: "How long the oldest job has been waiting for a worker; 0 when none waits.",
    aggregator: "first",
    registers: [registry],
    async collect() {
      this.set((await count())?.oldest ?? Number.NaN);
    },
  });
}

/** One pass over the jobs that are there, of which there are few unless workers are behind. */
async function countJobs(pool: Pool): Promise<QueueState> {
  const { rows } = await pool.query<QueueState>(`
    select count(*) filter (where is_available and run_at <= now())::float as waiting,
      count(*) filter (where is_available and run_at > now())::float as scheduled,
      count(*) filter (where locked_at is not null)::float as running,
      count(*) filter (where locked_at is null and attempts >= max_attempts)::float as failed,
      coalesce(
        extract(epoch from now() - min(run_at) filter (where is_available and run_at <= now())), 0
      )::float as oldest
    from graphile_worker._private_jobs`);
  return rows[0] as QueueState;
}
