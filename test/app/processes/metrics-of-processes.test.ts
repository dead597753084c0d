import { expect, test } from "@jest/globals";
import { Counter, Gauge, Histogram, Registry } from "prom-client";
import { type Counts, MetricsOfProcesses } from "../../../src/app/processes/metrics-of-processes.ts";
import { Metrics } from "../../../src/platform/metrics.ts";
import { type MetricText, readMetrics } from "../../support/metrics-text.ts";

/** What a process has counted that answered so many requests, has one busy connection and sees the same lag as others. */
async function counted(answered: number, lag: number): Promise<Counts> {
  const registers = [new Registry()];
  new Counter({ name: "answers_total", help: "Answers.", labelNames: ["code"], registers }).inc(
    { code: "A" },
    answered,
  );
  const seconds = new Histogram({ name: "seconds", help: "Seconds.", buckets: [1, 2], registers });
  for (let index = 0; index < answered; index++) seconds.observe(1.5);
  new Gauge({ name: "connections", help: "Connections.", registers }).set(1);
  new Gauge({ name: "lag", help: "Lag.", aggregator: "max", registers }).set(lag);
  return await (registers[0] as Registry).getMetricsAsJSON();
}

async function textOf(metrics: MetricsOfProcesses, own: Counts = []): Promise<Record<string, MetricText>> {
  return readMetrics(await metrics.text(own));
}

test("counters, histograms and what each process has of its own add up; what all see of one thing does not", async () => {
  const metrics = new MetricsOfProcesses();
  metrics.update({}, await counted(2, 0.5));
  metrics.update({}, await counted(3, Number.POSITIVE_INFINITY));
  expect(await textOf(metrics, await counted(1, 0))).toEqual({
    answers_total: { help: "Answers.", type: "counter", values: { 'answers_total{code="A"}': 6 } },
    seconds: {
      help: "Seconds.",
      type: "histogram",
      values: {
        'seconds_bucket{le="1"}': 0,
        'seconds_bucket{le="2"}': 6,
        'seconds_bucket{le="+Inf"}': 6,
        seconds_sum: 9,
        seconds_count: 6,
      },
    },
    connections: { help: "Connections.", type: "gauge", values: { connections: 3 } },
    lag: { help: "Lag.", type: "gauge", values: { lag: Number.POSITIVE_INFINITY } },
  });
});

test("what processes that have ended counted stays, and what they had is gone: no sum falls", async () => {
  const metrics = new MetricsOfProcesses();
  const processes = [{}, {}, {}];
  for (const process of processes) metrics.update(process, await counted(2, 7));
  for (const process of processes.slice(1)) metrics.end(process);
  metrics.end({});
  const { answers_total, seconds, connections } = await textOf(metrics);
  expect(answers_total?.values).toEqual({ 'answers_total{code="A"}': 6 });
  expect(seconds?.values).toMatchObject({ seconds_count: 6, 'seconds_bucket{le="2"}': 6 });
  expect(connections?.values).toEqual({ connections: 1 });
});

test("what the server counts can be put together, with when it began and how late its event loops are", async () => {
  const counts = await new Metrics().registry.getMetricsAsJSON();
  const metrics = new MetricsOfProcesses();
  metrics.update({}, await new Metrics().registry.getMetricsAsJSON());
  const together = await textOf(metrics, counts);
  expect(Object.keys(together)).toEqual(counts.map(({ name }) => name));
  const { process_start_time_seconds, nodejs_eventloop_lag_p99_seconds } = together;
  expect(Object.keys(process_start_time_seconds?.values ?? {})).toEqual(["process_start_time_seconds"]);
  expect(Object.keys(nodejs_eventloop_lag_p99_seconds?.values ?? {})).toEqual(["nodejs_eventloop_lag_p99_seconds"]);
});
