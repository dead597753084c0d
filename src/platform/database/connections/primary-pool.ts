import pg from "pg";
import type { Lane, Servers } from "./servers.ts";

type ConnectCallback = (
  error: Error | undefined,
  client: pg.PoolClient | undefined,
  release: (error?: Error | boolean) => void,
) => void;

/**
 * A pool for libraries that want one: it has no connections, but lends those of the server that is the primary at the
 * time. The pools below it belong to `Servers`.
 */
export class PrimaryPool extends pg.Pool {
  readonly #servers: Servers;
  readonly #lane: Lane;

  constructor(servers: Servers, lane: Lane) {
    super();
    this.#servers = servers;
    this.#lane = lane;
    // Whoever is lent a connection looks for these; the pools below have handlers of their own.
    this.on("error", () => {}).on("connect", () => {});
  }

  override connect(): Promise<pg.PoolClient>;
  override connect(callback: ConnectCallback): void;
  override connect(callback?: ConnectCallback): Promise<pg.PoolClient> | undefined {
    const connecting = this.#connect();
    if (!callback) return connecting;
    connecting.then(
      (client) => callback(undefined, client, client.release),
      (error) => callback(error, undefined, () => {}),
    );
    return undefined;
  }

  async #connect(): Promise<pg.PoolClient> {
    return await this.#servers.primary.connect(this.#lane);
  }
}
