import type { EntityManager } from "@mikro-orm/postgresql";
import type { Pool } from "pg";
import type { Logger } from "pino";
import type { Mailer } from "../mail/mailer.ts";
import type { Metrics } from "../metrics.ts";
import type { Schedule } from "./cron.ts";
import type { Job, JobSettings } from "./define-job.ts";

export interface WorkerOptions {
  /** A pool of the worker's own, on the primary, so that neither jobs nor requests take each other's connections. */
  pool: Pool;
  em: EntityManager;
  audit: EntityManager;
  mailer: Mailer;
  settings: JobSettings;
  // Payloads differ from job to job; each job parses its own.
  // biome-ignore lint/suspicious/noExplicitAny: see above
  jobs: readonly Job<any>[];
  schedules: readonly Schedule[];
  /** How many jobs run at the same time in this process. */
  concurrency: number;
  /** When the jobs of a worker that was not heard of are free again. */
  deadAfterMs: number;
  log: Logger;
  metrics: Metrics;
}
