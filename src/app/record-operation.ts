import type { AnsweredOperation } from "../platform/graphql/operation-plugin.ts";
import type { Metrics } from "../platform/metrics.ts";

/** Writes one line for the operation into the log, and counts it. Neither names a person other than by id. */
export function recordOperation({ context, kind, name, codes }: AnsweredOperation, metrics: Metrics): void {
  const durationMs = Math.round((performance.now() - context.startedAt) * 10) / 10;
  context.log.info(
    {
      operation: name,
      kind,
      viewerId: context.viewer?.id ?? null,
      route: context.route.servedBy,
      durationMs,
      sqlCount: context.route.statements,
      ...(codes.length > 0 && { errors: codes }),
    },
    "operation",
  );
  metrics.operationSeconds.observe({ kind: kind ?? "none", served_by: context.route.servedBy }, durationMs / 1000);
  for (const code of codes) metrics.operationErrors.inc({ code });
}
