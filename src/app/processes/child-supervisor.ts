import { setTimeout as delay } from "node:timers/promises";
import type { Logger } from "pino";
import type { Config } from "../../config.ts";
import { Metrics } from "../../platform/metrics.ts";
import type { DatabaseUrls } from "../database-urls.ts";
import { ServingProcess } from "./child-process.ts";
import type { Serving } from "./http-frontend.ts";
import { MetricsOfProcesses } from "./metrics-of-processes.ts";

/** Who has lived for this long did not end because of how it began. */
const steadyMs = 10_000;
/** Between the end of a process that did not get that far and the beginning of the next one; longer each time. */
const firstPauseMs = 250;
const maxPauseMs = 30_000;
/** How long a process may take to tell what it has counted; then what it told before has to do. */
const countingMs = 1_000;
/** How much longer a process may take to end than what it lets finish. */
const endingMs = 2_000;

/**
 * Children of this process that serve on one port, as one: this process takes the connections and hands them out in turn.
 * A child that ends is replaced.
 */
export class ServingProcesses implements Serving {
  readonly metrics = new Metrics();
  readonly #config: Config;
  readonly #databases: DatabaseUrls;
  readonly #log: Logger;
  readonly #processes = new Set<ServingProcess>();
  readonly #counts = new MetricsOfProcesses();
  readonly #stopping = new AbortController();
  #port: number;
  /** Known when the first one listens. */
  #address: string | null = null;
  #draining: Promise<void> | undefined;

  private constructor(config: Config, { url, replicaUrls, auditUrl }: DatabaseUrls, log: Logger) {
    this.#config = config;
    this.#databases = { url, replicaUrls, auditUrl };
    this.#log = log;
    this.#port = config.http.port;
  }

  /**
   * Starts the processes; all are ready to serve when this resolves.
   * @throws what keeps one of them from serving; then none is left.
   */
  static async prepare(config: Config, databases: DatabaseUrls, log: Logger): Promise<ServingProcesses> {
    const all = new ServingProcesses(config, databases, log);
    try {
      await Promise.all(Array.from({ length: config.processes }, () => all.#add()));
      return all;
    } catch (error) {
      await all.close();
      throw error;
    }
  }

  async listen(): Promise<string> {
    const processes = [...this.#processes];
    const [address = ""] = await Promise.all(processes.map((process) => this.#listen(process)));
    for (const process of processes) void this.#keep(process);
    return address;
  }

  drain(): Promise<void> {
    this.#draining ??= this.#end();
    return this.#draining;
  }

  close(): Promise<void> {
    return this.drain();
  }

  /** A further process, ready to serve. */
  async #add(): Promise<ServingProcess> {
    const process = new ServingProcess({ tellMetrics: () => this.#tellMetrics() });
    this.#processes.add(process);
    void process.ended.then(() => {
      this.#processes.delete(process);
      this.#counts.end(process);
    });
    try {
      await process.call("prepare", { config: this.#config, databases: this.#databases });
      return process;
    } catch (error) {
      process.release();
      throw error;
    }
  }

  /** With PORT=0 they share one port for as long as any of them has it; when none has, it is asked for by its number. */
  async #listen(process: ServingProcess): Promise<string> {
    const isServed = [...this.#processes].some(({ isServing }) => isServing);
    if (!isServed && this.#address) this.#port = Number(new URL(this.#address).port);
    const address = await process.listen(this.#port);
    this.#address ??= address;
    if (address !== this.#address) throw new Error(`It listens at ${address} instead of ${this.#address}.`);
    return address;
  }

  /** Keeps a place filled: whenever its process ends, another one begins. */
  async #keep(first: ServingProcess): Promise<void> {
    let process: ServingProcess | null = first;
    let pauseMs = 0;
    for (;;) {
      if (process) {
        const { code, signal, livedMs } = await process.ended;
        if (this.#stopping.signal.aborted) return;
        this.#log.error(
          { ended: process.pid, code, signal },
          "a process that served has ended; another one takes its place",
        );
        if (livedMs >= steadyMs) pauseMs = 0;
      }
      await delay(pauseMs, null, { signal: this.#stopping.signal }).catch(() => {});
      if (this.#stopping.signal.aborted) return;
      pauseMs = Math.min(Math.max(pauseMs * 2, firstPauseMs), maxPauseMs);
      process = await this.#begin();
    }
  }

  /** A process that serves, unless something keeps it from it. */
  async #begin(): Promise<ServingProcess | null> {
    let process: ServingProcess | null = null;
    try {
      process = await this.#add();
      await this.#listen(process);
      return process;
    } catch (err) {
      process?.release();
      if (!this.#stopping.signal.aborted) this.#log.error({ err }, "a process could not begin to serve");
      return null;
    }
  }

  async #end(): Promise<void> {
    this.#stopping.abort();
    const processes = [...this.#processes];
    for (const process of processes) process.release();
    const kill = () => {
      for (const process of this.#processes) process.kill();
    };
    const overdue = setTimeout(kill, this.#config.http.drainTimeoutMs + endingMs);
    for (const { pid, ended } of processes) {
      const { code, signal } = await ended;
      if (code !== 0) this.#log.error({ ended: pid, code, signal }, "a process did not end in good order");
    }
    clearTimeout(overdue);
  }

  async #tellMetrics(): Promise<string> {
    await Promise.all([...this.#processes].map((process) => this.#count(process)));
    return await this.#counts.text(await this.metrics.registry.getMetricsAsJSON());
  }

  async #count(process: ServingProcess): Promise<void> {
    const counting = process.call("count").catch(() => null);
    const counts = await Promise.race([counting, delay(countingMs, null, { ref: false })]);
    if (counts && this.#processes.has(process)) this.#counts.update(process, counts);
  }
}
