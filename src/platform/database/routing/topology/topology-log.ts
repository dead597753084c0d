import type { Logger } from "pino";
import type { ServerRecord } from "./server-record.ts";

/** Writes a line whenever something changes about the servers. Addresses come without users and passwords. */
export class TopologyLog {
  readonly #log: Logger;
  #toldPrimary: ServerRecord | null;

  /** @param expectedPrimary of whom nothing is told as long as it is the primary */
  constructor(log: Logger, expectedPrimary: ServerRecord | null) {
    this.#log = log;
    this.#toldPrimary = expectedPrimary;
  }

  server({ name, url, role, state, lagMs, watch }: ServerRecord): void {
    const facts = { server: name, address: addressOf(url), role, state };
    if (state === "refused") {
      this.#log.error(facts, "a second database server takes writes; it is refused, since it is not the primary");
    } else if (state === "down") {
      const level = role === "primary" ? "error" : "warn";
      this.#log[level]({ ...facts, err: watch.lastError }, "a database server is down");
    } else if (state === "behind") {
      this.#log.warn({ ...facts, lagMs }, "a replica is behind and is left out");
    } else {
      this.#log.info(facts, "a database server is up");
    }
  }

  primary(primary: ServerRecord | null): void {
    if (primary === this.#toldPrimary) return;
    this.#toldPrimary = primary;
    if (!primary) this.#log.error("no database server takes writes");
    else this.#log.info({ address: addressOf(primary.url) }, "this database server takes the writes");
  }
}

function addressOf(url: string): string {
  return URL.parse(url)?.host ?? "";
}
