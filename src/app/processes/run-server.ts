import { readConfig } from "../../config.ts";
import { createLog } from "../../platform/log.ts";
import { createProgress } from "../startup/print-progress.ts";
import { whenAborted } from "../startup/stop-on-signals.ts";
import { startServer } from "./start-server.ts";

/** Runs the server until it is asked to stop. A start that is going on then is given up at its next step. */
export async function serve(stopping: AbortSignal): Promise<void> {
  const config = readConfig();
  const isDevelopment = config.environment === "development";
  const log = createLog({ level: config.log.level, isPretty: isDevelopment, isShared: config.processes > 1 });
  const progress = createProgress(isDevelopment);
  const server = await startServer(config, log, (step) => {
    stopping.throwIfAborted();
    progress.step(step);
  });
  progress.step("Serving");
  if (isDevelopment) (await import("../startup/print-summary.ts")).writeSummary(server);
  else log.info({ address: server.address }, "serving");

  await whenAborted(stopping);
  log.info("stopping");
  try {
    await server.stop();
    log.info("stopped");
  } catch (err) {
    log.error({ err }, "stopping failed");
    process.exitCode = 1;
  }
}
