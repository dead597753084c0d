import { readConfig } from "../config.ts";
import { createLog } from "../platform/log.ts";
import { Metrics } from "../platform/metrics.ts";
import { bringUpToDate } from "./bring-up-to-date.ts";
import { createWorker } from "./create-worker.ts";
import { borrowDatabases } from "./open-databases.ts";
import { createProgress } from "./progress.ts";
import { whenAborted } from "./stop-on-signals.ts";

/** Does jobs, and nothing else, until it is asked to stop; on the databases of a server that runs here, if one does. */
export async function work(stopping: AbortSignal): Promise<void> {
  const config = readConfig();
  const isDevelopment = config.environment === "development";
  const log = createLog({ level: config.log.level, isPretty: isDevelopment });
  const progress = createProgress(isDevelopment);
  const onStep = (step: string) => {
    stopping.throwIfAborted();
    progress.step(step);
  };
  onStep("Finding the databases");
  const databases = await borrowDatabases(config, onStep);
  try {
    onStep("Checking the migrations");
    await bringUpToDate(config.environment, databases, log);
    onStep("Starting the worker");
    const worker = await createWorker(config, databases, new Metrics(), log);
    log.info({ concurrency: config.worker.concurrency }, "working");
    await whenAborted(stopping);
    log.info("stopping");
    await worker.stop();
  } finally {
    await databases.close();
  }
  log.info("stopped");
}
