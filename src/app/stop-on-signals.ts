import type { Logger } from "pino";
import type { RunningServer } from "./start-server.ts";

/**
 * On SIGTERM and Ctrl-C the server stops in good order; when that takes longer than `timeoutMs`, in bad order. A
 * signal during the start is obeyed as soon as the start has come to its end.
 */
export function stopOnSignals(starting: Promise<RunningServer>, timeoutMs: number, log: Logger): void {
  const stop = async (signal: NodeJS.Signals) => {
    log.info({ signal }, "stopping");
    const server = await starting.catch(() => null);
    const overdue = setTimeout(() => {
      log.error({ timeoutMs }, "stopping took too long");
      process.exit(1);
    }, timeoutMs);
    try {
      await server?.stop();
      log.info("stopped");
    } catch (err) {
      log.error({ err }, "stopping failed");
      process.exitCode = 1;
    }
    clearTimeout(overdue);
  };
  process.once("SIGTERM", stop);
  process.once("SIGINT", stop);
}
