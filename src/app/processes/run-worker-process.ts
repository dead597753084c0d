import { readConfig } from "../../config.ts";
import { createLog } from "../../platform/log.ts";
import { Metrics } from "../../platform/metrics.ts";
import { createWorker } from "../create-worker.ts";
import { bringUpToDate } from "../startup/ensure-migrated.ts";
import { borrowDatabases } from "../startup/open-databases.ts";
import { openHealthPort } from "../startup/open-health-port.ts";
import { createProgress } from "../startup/print-progress.ts";
import { whenAborted } from "../startup/stop-on-signals.ts";

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
  const metrics = new Metrics();
  let worker: Awaited<ReturnType<typeof createWorker>> | undefined;
  const health = await openHealthPort(config, {
    health: () => {
      const { isReady, servers } = worker?.health() ?? { isReady: false, servers: [] };
      return { isReady: isReady && !stopping.aborted, servers };
    },
    metrics: async () => ({ contentType: metrics.registry.contentType, text: await metrics.registry.metrics() }),
  });
  try {
    onStep("Finding the databases");
    const databases = await borrowDatabases(config, onStep);
    try {
      onStep("Checking the migrations");
      await bringUpToDate(config.environment, { ...databases, url: databases.primaryUrl }, log);
      onStep("Starting the worker");
      worker = await createWorker(config, databases, metrics, log);
      log.info({ concurrency: config.worker.concurrency, health: health.address }, "working");
      await whenAborted(stopping);
      log.info("stopping");
      await worker.stop();
    } finally {
      await databases.close();
    }
  } finally {
    await health.close();
  }
  log.info("stopped");
}
