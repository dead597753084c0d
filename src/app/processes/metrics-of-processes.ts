import { type Aggregator, AggregatorRegistry, type Registry } from "prom-client";

/** What one process has counted, as it can be sent to another one. */
export type Counts = Awaited<ReturnType<Registry["getMetricsAsJSON"]>>;

/**
 * What several processes count, as one: each metric is put together as its `aggregator` says. prom-client's own way of
 * asking them leaves out the process that asks, fails for all when one does not answer, and forgets what a process had
 * counted as soon as it ends; then sums fall, which Prometheus takes for a new start of them all.
 */
export class MetricsOfProcesses {
  readonly #latest = new Map<object, Counts>();
  #ended: Promise<Counts> = Promise.resolve([]);

  /** Takes what a process has counted so far. */
  update(process: object, counts: Counts): void {
    this.#latest.set(process, counts);
  }

  /** Keeps of a process that has ended what only grows; what it has counted since it was asked last is lost. */
  end(process: object): void {
    const growing = (this.#latest.get(process) ?? []).filter(({ type }) => growingTypes.includes(String(type)));
    this.#latest.delete(process);
    this.#ended = this.#ended.then((ended) => AggregatorRegistry.aggregate([ended, growing]).getMetricsAsJSON());
  }

  /** All of it, for Prometheus. `own` is what the process that asks has counted itself. */
  async text(own: Counts): Promise<string> {
    const first = own.map((metric) => ({ ...metric, aggregator: insteadOf[metric.aggregator] ?? metric.aggregator }));
    return await AggregatorRegistry.aggregate([first, ...this.#latest.values(), await this.#ended]).metrics();
  }
}

/** prom-client's types have numbers here; what is there are names. */
const growingTypes = ["counter", "histogram"];

/**
 * For prom-client's metrics of the process: when this one began is better than nothing, and an average would hide the one
 * whose event loop is late.
 */
const insteadOf: Partial<Record<Aggregator, Aggregator>> = { omit: "first", average: "max" };
