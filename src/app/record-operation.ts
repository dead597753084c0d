import type { AnsweredOperation } from "../platform/graphql/server/operation-plugin.ts";
import type { Metrics } from "../platform/metrics.ts";

/** Writes one line for the operation into the log, and counts it. Neither names a person other than by id. */
export function recordOperation(operation: AnsweredOperation, metrics: Metrics): void {
  const { context, kind, name, viewerId, servedBy, codes } = operation;
  const durationMs = Math.round((performance.now() - context.startedAt) * 10) / 10;
  context.log.info(
    {
      operation: name,
      kind,
      viewerId,
      route: servedBy,
      durationMs,
      sqlCount: context.route.statements,
      ...(codes.length > 0 && { errors: codes }),
    },
    "operation",
  );
  metrics.operationSeconds.observe({ kind: kind ?? "none", served_by: servedBy }, durationMs / 1000);
  for (const code of codes) metrics.operationErrors.inc({ code });
}
