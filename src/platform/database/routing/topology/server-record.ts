import { type Look, ServerWatch } from "./server-watch.ts";
import type { ServerRole, ServerState, WatchedServer } from "./watched-server.ts";

/** What the topology writes down about one server. */
export class ServerRecord implements WatchedServer {
  readonly index: number;
  readonly url: string;
  readonly watch: ServerWatch;
  role: ServerRole;
  state: ServerState = "down";
  lagMs: number | null = null;
  lagBytes: number | null = null;
  lastLook: Look | null = null;
  /** The state of a replica whenever it is not down. */
  stateWhileUp: "up" | "behind" = "behind";
  readonly #name: () => string;

  /** @param onLost hears at once when the connection to the server breaks */
  constructor(index: number, url: string, name: () => string, onLost: () => void) {
    this.index = index;
    this.url = url;
    this.role = index === 0 ? "primary" : "replica";
    this.#name = name;
    this.watch = new ServerWatch(url, () => {
      this.lastLook = null;
      onLost();
    });
  }

  get name(): string {
    return this.#name();
  }

  async look(): Promise<void> {
    this.lastLook = await this.watch.look();
  }

  /** @returns whether that is a change */
  settle(role: ServerRole, state: ServerState): boolean {
    const isChange = this.role !== role || this.state !== state;
    this.role = role;
    this.state = state;
    if (role === "primary" || state === "down") this.lagMs = this.lagBytes = null;
    return isChange;
  }
}
