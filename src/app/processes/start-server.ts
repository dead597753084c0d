import type { Logger } from "pino";
import type { Config } from "../../config.ts";
import type { Worker } from "../../platform/jobs/run-worker.ts";
import { bringUpToDate } from "../startup/ensure-migrated.ts";
import { type OpenDatabases, openDatabases } from "../startup/open-databases.ts";
import { openWaitingRoom } from "../startup/startup-responder.ts";
import type { Serving } from "./http-frontend.ts";

/** A server that runs. */
export interface RunningServer {
  readonly address: string;
  readonly databases: OpenDatabases;
  /** Whether one can log in to the demo accounts. */
  readonly hasDemoAccounts: boolean;
  /** Answers what was let in, then stops everything that was started. May be called again. */
  stop(): Promise<void>;
}

/**
 * Brings up the whole server: databases, migrations, demo data, HTTP, a worker. `onStep` hears of each step as it begins; when
 * it throws, the start is given up, and what was started is stopped.
 */
export async function startServer(config: Config, log: Logger, onStep: (step: string) => void): Promise<RunningServer> {
  onStep("Opening the port");
  const leaveWaitingRoom = await openWaitingRoom(config.http);
  try {
    return await start(config, log, onStep, leaveWaitingRoom);
  } finally {
    await leaveWaitingRoom();
  }
}

async function start(
  config: Config,
  log: Logger,
  onStep: (step: string) => void,
  leaveWaitingRoom: () => Promise<void>,
): Promise<RunningServer> {
  onStep("Starting the databases");
  const databases = await openDatabases(config, onStep);
  let serving: Serving | undefined;
  let worker: Worker | undefined;
  let stopping: Promise<void> | undefined;
  const stopAll = async () => {
    try {
      await serving?.drain();
      await worker?.stop();
      await serving?.close();
    } finally {
      await databases.close();
    }
  };
  const stop = () => {
    stopping ??= stopAll();
    return stopping;
  };
  try {
    onStep("Checking the migrations");
    await bringUpToDate(config.environment, { ...databases, url: databases.primaryUrl }, log);
    const hasDemoAccounts = config.seedDemo && (await seedDemoData(config, databases, onStep));
    serving = await prepareServing(config, databases, log, onStep);
    await leaveWaitingRoom();
    const address = await serving.listen();
    if (config.worker.isInline) {
      onStep("Starting the worker");
      worker = await startWorker(config, databases, serving, log);
    }
    return { address, databases, hasDemoAccounts, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

// What follows loads its own code only: a process that leaves serving to others does without the graph.

async function seedDemoData(config: Config, databases: OpenDatabases, onStep: (step: string) => void) {
  onStep("Checking the demo data");
  const { seedDemo } = await import("../demo/seed-demo.ts");
  return await seedDemo(config, databases.primaryUrl);
}

async function prepareServing(
  config: Config,
  databases: OpenDatabases,
  log: Logger,
  onStep: (step: string) => void,
): Promise<Serving> {
  if (config.processes === 1) {
    const { createApp } = await import("../create-app.ts");
    return await createApp(config, databases, log);
  }
  onStep(`Starting ${config.processes} processes`);
  const { ServingProcesses } = await import("./child-supervisor.ts");
  return await ServingProcesses.prepare(config, databases, log);
}

async function startWorker(config: Config, databases: OpenDatabases, serving: Serving, log: Logger): Promise<Worker> {
  const { createWorker } = await import("../create-worker.ts");
  return await createWorker(config, databases, serving.metrics, log, serving.topology);
}
