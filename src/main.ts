import { createProgress } from "./app/progress.ts";
import { startServer } from "./app/start-server.ts";
import { stopOnSignals } from "./app/stop-on-signals.ts";
import { writeSummary } from "./app/summary.ts";
import { readConfig } from "./config.ts";
import { createLog } from "./platform/log.ts";

try {
  const config = readConfig();
  const isDevelopment = config.environment === "development";
  const log = createLog({ level: config.log.level, isPretty: isDevelopment });
  const progress = createProgress(isDevelopment);
  const starting = startServer(config, log, progress.step);
  stopOnSignals(starting, config.http.shutdownTimeoutMs, log);
  const server = await starting;
  progress.done();
  if (isDevelopment) writeSummary(config, server);
  else log.info({ address: server.address }, "serving");
} catch (error) {
  process.stderr.write(`\n${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
