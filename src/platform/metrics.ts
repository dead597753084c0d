import { Counter, collectDefaultMetrics, Histogram, Registry } from "prom-client";

/** What the server counts, for Prometheus. */
export class Metrics {
  readonly registry = new Registry();
  readonly operationSeconds: Histogram<"kind" | "served_by">;
  readonly operationErrors: Counter<"code">;
  readonly sharedReads: Counter<"outcome">;
  readonly routeViolations: Counter;
  readonly counterDrifts: Counter;
  readonly groupSize: Histogram<"work">;
  readonly jobSeconds: Histogram<"job" | "outcome">;

  constructor() {
    collectDefaultMetrics({ register: this.registry });
    this.operationSeconds = new Histogram({
      name: "seminar_operation_seconds",
      help: "How long GraphQL operations took, by kind and by the server that they read from.",
      labelNames: ["kind", "served_by"],
      buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
      registers: [this.registry],
    });
    this.operationErrors = new Counter({
      name: "seminar_operation_errors_total",
      help: "Top-level errors that were answered, by code.",
      labelNames: ["code"],
      registers: [this.registry],
    });
    this.groupSize = new Histogram({
      name: "seminar_group_size",
      help: "How many operations were served by one statement or transaction together, by work.",
      labelNames: ["work"],
      buckets: [1, 2, 4, 8, 16, 32, 64, 128],
      registers: [this.registry],
    });
    this.sharedReads = new Counter({
      name: "seminar_shared_reads_total",
      help: "Queries that mean the same to many: answered from a kept answer (hit), with another one (joined), or read (miss).",
      labelNames: ["outcome"],
      registers: [this.registry],
    });
    this.jobSeconds = new Histogram({
      name: "seminar_job_seconds",
      help: "How long jobs ran, by job and outcome.",
      labelNames: ["job", "outcome"],
      buckets: [0.01, 0.05, 0.1, 0.5, 1, 5, 30],
      registers: [this.registry],
    });
    this.counterDrifts = new Counter({
      name: "seminar_counter_drifts_total",
      help: "Seminars whose counters did not fit their rows.",
      registers: [this.registry],
    });
    this.routeViolations = new Counter({
      name: "seminar_route_violations_total",
      help: "Statements that asked for a server which their operation may not use.",
      registers: [this.registry],
    });
  }
}
