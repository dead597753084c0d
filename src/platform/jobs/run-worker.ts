import { EventEmitter } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import { parseCronItems, type Runner, run, type WorkerEvents, Logger as WorkerLogger } from "graphile-worker";
import type { Logger } from "pino";
import { cronItems } from "./cron.ts";
import { taskList } from "./task-list.ts";
import { type Heartbeat, keepAlive } from "./worker-heartbeat.ts";
import type { WorkerOptions } from "./worker-options.ts";

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
  const heartbeat = keepAlive(pool, deadAfterMs, log);
  const stopping = new AbortController();
  let current = await start(options, heartbeat);
  const running = (async () => {
    for (;;) {
      await endOf(current, log);
      if (stopping.signal.aborted) return;
      current = await startAnew(options, heartbeat, stopping.signal);
    }
  })().catch(() => {});
  return {
    stop: async () => {
      stopping.abort();
      const stopped = current.runner.stop().catch(() => {});
      await Promise.race([Promise.all([stopped, running]), delay(maxStopMs, undefined, { ref: false })]);
      await heartbeat.stop();
    },
  };
}

/** What graphile-worker started, with a name of its own in the queue. */
interface Run {
  readonly runner: Runner;
  /** Resolves when it takes no jobs any more and the last one has run. */
  readonly idle: Promise<void>;
}

async function start(options: WorkerOptions, heartbeat: Heartbeat): Promise<Run> {
  const { pool, schedules, settings, concurrency, log } = options;
  const events: WorkerEvents = new EventEmitter();
  events.on("pool:create", ({ workerPool }) => heartbeat.isOf(workerPool.id));
  const idle = new Promise<void>((resolve) => {
    let active = concurrency;
    events.on("worker:stop", () => {
      active--;
      if (active === 0) resolve();
    });
  });
  const runner = await run({
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
  return { runner, idle };
}

/**
 * Resolves when the run is over. graphile-worker ends a run that cannot say that a job is done, but when that befalls several
 * jobs one after the other, it miscounts what it has to wait for and never says that it has ended. Who does nothing any
 * more is therefore stopped, since its schedules would go on.
 */
async function endOf({ runner, idle }: Run, log: Logger): Promise<void> {
  const ended = runner.promise.catch((err) => log.error({ err }, "the worker ended"));
  await Promise.race([ended, idle.then(() => delay(patienceMs, undefined, { ref: false }))]);
  await runner.stop().catch(() => {});
}

/** @throws when the worker has to stop */
async function startAnew(options: WorkerOptions, heartbeat: Heartbeat, signal: AbortSignal): Promise<Run> {
  for (;;) {
    await delay(restartAfterMs, undefined, { signal });
    try {
      const next = await start(options, heartbeat);
      options.log.info("the worker has begun anew");
      return next;
    } catch (err) {
      options.log.error({ err }, "the worker could not begin anew");
    }
  }
}
