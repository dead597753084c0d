import { EventEmitter } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import type { EntityManager } from "@mikro-orm/postgresql";
import { parseCronItems, type Runner, run, type WorkerEvents, Logger as WorkerLogger } from "graphile-worker";
import type { Pool } from "pg";
import type { Logger } from "pino";
import type { Mailer } from "../mail/mailer.ts";
import type { Metrics } from "../metrics.ts";
import { cronItems, type Schedule } from "./cron.ts";
import type { Job, JobSettings } from "./define-job.ts";
import { taskList } from "./task-list.ts";
import { keepAlive } from "./worker-heartbeat.ts";

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

/** A worker that runs. */
export interface Worker {
  /** Lets running jobs finish for a while, and gives the rest back. */
  stop(): Promise<void>;
}

/** How long running jobs may take when the worker stops, before they are told to, and before they are given back. */
const patienceMs = 1_500;
const maxStopMs = 3_000;
/** After a failure of its own, such as a database that was away for longer, a worker begins anew. */
const restartAfterMs = 2_000;

/** Runs jobs and schedules in this process. Any number of workers may run, in any number of processes. */
export async function runWorker(options: WorkerOptions): Promise<Worker> {
  const { pool, deadAfterMs, log } = options;
  const events: WorkerEvents = new EventEmitter();
  const heartbeat = keepAlive(pool, events, deadAfterMs, log);
  const stopping = new AbortController();
  let runner = await start(options, events);
  const running = (async () => {
    for (;;) {
      await runner.promise.catch((err) => log.error({ err }, "the worker ended"));
      if (stopping.signal.aborted) return;
      runner = await startAnew(options, events, stopping.signal);
    }
  })().catch(() => {});
  return {
    stop: async () => {
      stopping.abort();
      const stopped = runner.stop().catch(() => {});
      await Promise.race([Promise.all([stopped, running]), delay(maxStopMs, undefined, { ref: false })]);
      await heartbeat.stop();
    },
  };
}

function start(options: WorkerOptions, events: WorkerEvents): Promise<Runner> {
  const { pool, schedules, settings, concurrency, log } = options;
  return run({
    events,
    pgPool: pool,
    taskList: taskList(options),
    parsedCronItems: parseCronItems(cronItems(schedules, settings.timeZone)),
    concurrency,
    noHandleSignals: true,
    pollInterval: 1_000,
    gracefulShutdownAbortTimeout: patienceMs,
    // Without batches nobody waits for the statement that completes a job, and its failure would end the process.
    preset: { worker: { completeJobBatchDelay: 0, failJobBatchDelay: 0 } },
    logger: new WorkerLogger(() => (level, message) => level === "error" && log.error({ problem: message }, "worker")),
  });
}

/** @throws when the worker has to stop */
async function startAnew(options: WorkerOptions, events: WorkerEvents, signal: AbortSignal): Promise<Runner> {
  for (;;) {
    await delay(restartAfterMs, undefined, { signal });
    try {
      return await start(options, events);
    } catch (err) {
      options.log.error({ err }, "the worker could not begin anew");
    }
  }
}
