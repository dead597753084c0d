import type { Logger } from "pino";
import type { Environment } from "../config.ts";
import type { Metrics } from "../platform/metrics.ts";

/** In production a breach of the routing rules is logged and counted; before, it is a bug that has to be seen. */
export function reportViolation(environment: Environment, metrics: Metrics, log: Logger): (violation: Error) => void {
  return (violation) => {
    metrics.routeViolations.inc();
    if (environment !== "production") throw violation;
    log.error({ err: violation }, "a statement took a route that is not its own");
  };
}
