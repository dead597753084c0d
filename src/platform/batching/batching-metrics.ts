import { Gauge, type Registry } from "prom-client";
import type { BatchedOperations } from "./batched-operations.ts";

/** Tells how many operations wait for their batch. The sizes of batches are counted as they begin. */
export function measureBatching(registry: Registry, batched: BatchedOperations): void {
  new Gauge({
    name: "seminar_group_waiting",
    help: "How many operations wait for the statement or transaction that they are to share.",
    registers: [registry],
    collect() {
      this.set(batched.waiting);
    },
  });
}
