import { setTimeout as delay } from "node:timers/promises";
import type { Logger } from "pino";
import { judgeServers } from "./judge-servers.ts";
import { PrimaryHistory } from "./primary-history.ts";
import { ServerRecord } from "./server-record.ts";
import { TopologyLog } from "./topology-log.ts";
import { Waiters } from "./waiters.ts";
import { isReadable, type ServerRole, type ServerState, type WatchedServer } from "./watched-server.ts";

export interface TopologyOptions {
  /** Whose name is `primary` until another server is seen to be it. */
  readonly url: string;
  readonly replicaUrls: readonly string[];
  /** A replica that is further behind is left out until it has caught up. */
  readonly replicaMaxLagMs: number;
  readonly log: Logger;
}

const roundPauseMs = 250;
/** How soon a replica is looked at again while somebody waits for it. */
const waitingPauseMs = 5;
/** How long the start waits for replicas to show that they follow. */
const openingPatienceMs = 500;

/**
 * The servers that this process knows, watched: which one is the primary, and which replicas can be read from. All of it is
 * in memory, a quarter of a second old at most; a server whose connection breaks is down at once.
 */
export class Topology {
  /** How often a second primary was refused. */
  refusals = 0;
  readonly #servers: readonly ServerRecord[];
  readonly #options: TopologyOptions;
  readonly #history = new PrimaryHistory();
  readonly #waiters = new Waiters(waitingPauseMs, () => this.#lookAtReplicas());
  readonly #stopping = new AbortController();
  /** The index of the server that takes the writes, or took them last. */
  #incumbent = 0;
  #highestTimeline = 0;
  #watching: Promise<void> = Promise.resolve();
  /** Of the first rounds nothing is told but how they ended. */
  #log: TopologyLog | null = null;

  private constructor(options: TopologyOptions) {
    this.#options = options;
    this.#servers = [options.url, ...options.replicaUrls].map((url, index) => {
      const name = () => (index === this.#incumbent ? "primary" : `replica-${index}`);
      return new ServerRecord(index, url, name, () => this.#lost(index));
    });
  }

  /** Begins to watch the servers; each has been looked at when this resolves, and may have been found down. */
  static async open(options: TopologyOptions): Promise<Topology> {
    const topology = new Topology(options);
    await topology.#open();
    return topology;
  }

  get servers(): readonly WatchedServer[] {
    return this.#servers;
  }

  /** The server that takes the writes; null: there is none at the moment. */
  get primary(): WatchedServer | null {
    return this.#primary;
  }

  /**
   * Tries `find` until it finds something, each time that the replicas have been looked at, which is more often while
   * somebody waits; null when the time is over.
   */
  until<T>(find: () => T | null, timeoutMs: number): Promise<T | null> {
    return this.#waiters.wait(find, timeoutMs);
  }

  async close(): Promise<void> {
    this.#stopping.abort();
    await Promise.all(this.#servers.map((server) => server.watch.close()));
    await this.#watching;
  }

  get #primary(): ServerRecord | null {
    const server = this.#servers[this.#incumbent];
    return server?.role === "primary" && server.state === "up" ? server : null;
  }

  async #open(): Promise<void> {
    const deadline = performance.now() + openingPatienceMs;
    await this.#round();
    const isWorthWaiting = () => this.#primary && this.#servers.some(({ state }) => state === "behind");
    while (isWorthWaiting() && performance.now() < deadline) {
      await delay(waitingPauseMs);
      await this.#round();
    }
    this.#log = new TopologyLog(this.#options.log, this.#servers[0] ?? null);
    for (const server of this.#servers) if (server.state !== "up") this.#log.server(server);
    this.#log.primary(this.#primary);
    this.#watching = this.#watch();
  }

  async #watch(): Promise<void> {
    while (!this.#stopping.signal.aborted) {
      await delay(roundPauseMs, undefined, { signal: this.#stopping.signal }).catch(() => {});
      await this.#round();
    }
  }

  /** All servers are looked at, then judged together: one that is back is no primary before the others were asked. */
  async #round(): Promise<void> {
    await Promise.all(this.#servers.map((server) => server.look()));
    if (this.#stopping.signal.aborted) return;
    const looks = this.#servers.map(({ lastLook }) => lastLook);
    const { primary, refused, highestTimeline } = judgeServers(looks, this.#incumbent, this.#highestTimeline);
    this.#highestTimeline = highestTimeline;
    if (primary !== null) {
      this.#incumbent = primary;
      const look = looks[primary];
      if (look) this.#history.add(look);
    }
    for (const server of this.#servers) {
      if (!server.lastLook) this.#settle(server, server.role, "down");
      else if (refused.includes(server.index)) this.#settle(server, "primary", "refused");
      else if (server.index === primary) this.#settle(server, "primary", "up");
      else this.#settle(server, "replica", primary === null ? server.stateWhileUp : this.#judgeReplica(server));
    }
    this.#log?.primary(this.#primary);
  }

  /** Only while there is a primary: else nobody can tell how far a replica is behind, and it stays what it was. */
  #judgeReplica(server: ServerRecord): ServerState {
    if (!server.lastLook) return "down";
    const { ms, bytes } = this.#history.lagOf(server.lastLook);
    server.lagMs = ms;
    server.lagBytes = bytes;
    // Who was left out has to come well below the limit, so as not to come and go.
    const maxMs = this.#options.replicaMaxLagMs / (server.stateWhileUp === "behind" ? 2 : 1);
    server.stateWhileUp = ms !== null && ms <= maxMs ? "up" : "behind";
    return server.stateWhileUp;
  }

  #settle(server: ServerRecord, role: ServerRole, state: ServerState): void {
    if (!server.settle(role, state)) return;
    if (state === "refused") this.refusals++;
    this.#log?.server(server);
  }

  #lost(index: number): void {
    const server = this.#servers[index];
    if (!server || this.#stopping.signal.aborted) return;
    this.#settle(server, server.role, "down");
    this.#log?.primary(this.#primary);
  }

  async #lookAtReplicas(): Promise<void> {
    await Promise.all(this.#servers.filter(isReadable).map((server) => server.look()));
  }
}
