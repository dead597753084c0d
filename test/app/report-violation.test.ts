import { expect, test } from "@jest/globals";
import { reportViolation } from "../../src/app/report-violation.ts";
import { createLog } from "../../src/platform/log.ts";
import { Metrics } from "../../src/platform/metrics.ts";

const violation = new Error("A query operation asked for a connection to write with.");

function setUp() {
  const lines: string[] = [];
  const log = createLog({ level: "info", isPretty: false }, { write: (line: string) => void lines.push(line) });
  return { lines, log, metrics: new Metrics() };
}

test("a breach of the routing rules is logged and counted in production, where the operation goes on", async () => {
  const { lines, log, metrics } = setUp();
  reportViolation("production", metrics, log)(violation);
  expect(lines).toHaveLength(1);
  expect(lines[0]).toContain(violation.message);
  expect((await metrics.routeViolations.get()).values[0]?.value).toBe(1);
});

test("it fails the operation in tests and in development", () => {
  const { log, metrics } = setUp();
  for (const environment of ["test", "development"] as const) {
    expect(() => reportViolation(environment, metrics, log)(violation)).toThrow(violation);
  }
});
