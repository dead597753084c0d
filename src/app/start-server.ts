import type { Logger } from "pino";
import type { Config } from "../config.ts";
import type { Worker } from "../platform/jobs/run-worker.ts";
import { bringUpToDate } from "./bring-up-to-date.ts";
import { type App, createApp } from "./create-app.ts";
import { createWorker } from "./create-worker.ts";
import { hasDemoAccounts, makeDemoData } from "./demo-data.ts";
import { type OpenDatabases, openDatabases } from "./open-databases.ts";
import { openWaitingRoom } from "./waiting-room.ts";

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
  let app: App | undefined;
  let worker: Worker | undefined;
  let stopping: Promise<void> | undefined;
  const stopAll = async () => {
    try {
      await app?.drain();
      await worker?.stop();
      await app?.close();
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
    app = await createApp(config, databases, log);
    if (config.seedDemo) {
      onStep("Checking the demo data");
      await makeDemoData(app.orm.em.fork());
    }
    await leaveWaitingRoom();
    const address = await app.listen();
    if (config.worker.isInline) {
      onStep("Starting the worker");
      worker = await createWorker(config, databases, app.metrics, log, app.topology);
    }
    return {
      address,
      databases,
      hasDemoAccounts: config.seedDemo && (await hasDemoAccounts(app.orm.em.fork())),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
