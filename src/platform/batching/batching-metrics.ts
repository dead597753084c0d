import { Gauge, type Registry } from "prom-client";
import type { BatchedOperations } from "./batched-operations.ts";

/** How many operations wait, as the metrics tell it. How many went together is counted as it happens. */
export function measureGroups(registry: Registry, groups: BatchedOperations): void {
  new Gauge({
    name: "seminar_group_waiting",
    help: "How many operations wait for the statement or transaction that they are to share.",
    registers: [registry],
    collect() {
      this.set(groups.waiting);
    },
  });
}
