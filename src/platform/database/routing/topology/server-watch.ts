import { setTimeout as delay, setImmediate as nextTurn } from "node:timers/promises";
import pg from "pg";
import type { Observation } from "./judge-servers.ts";

/** What a server said when it was looked at; `at` is when it was asked, on the clock of `performance.now()`. */
export interface Look extends Observation {
  readonly at: number;
}

/** A server that gives no answer for this long is down. */
const answerTimeoutMs = 2_000;
/** A server that could not be reached the last time holds up a round no longer than this. */
const reconnectPatienceMs = 100;

/**
 * Whether a replica follows a promotion, only its receiver knows at once, which it tells to `pg_monitor`; the control file
 * follows with the next checkpoint. Of several answers the highest timeline is true.
 */
const lookStatement = `
  select is_in_recovery,
    case when is_in_recovery then coalesce(pg_last_wal_replay_lsn(), '0/0') else pg_current_wal_flush_lsn() end
      - '0/0'::pg_lsn as lsn,
    case when is_in_recovery
      then greatest(
        (select timeline_id from pg_control_checkpoint()),
        (select min_recovery_end_timeline from pg_control_recovery()),
        (select received_tli from pg_stat_wal_receiver)
      )
      else ('x' || left(pg_walfile_name(pg_current_wal_insert_lsn()), 8))::bit(32)::int
    end as timeline
  from (select pg_is_in_recovery() as is_in_recovery offset 0) as server`;

/** A connection to one server that serves nothing but looking at it. */
export class ServerWatch {
  readonly #url: string;
  readonly #onLost: (error: Error) => void;
  #client: pg.Client | null = null;
  #connecting: Promise<void> | null = null;
  #looking: Promise<Look | null> | null = null;
  #isKnownDown = false;
  #isClosed = false;
  #lastError: Error | null = null;

  /** @param onLost hears at once when the connection breaks */
  constructor(url: string, onLost: (error: Error) => void) {
    this.#url = url;
    this.#onLost = onLost;
  }

  /** Why the server is down, if it is. */
  get lastError(): Error | null {
    return this.#lastError;
  }

  /** Looks at the server; null: it is down. Who asks while somebody looks already gets the same answer. */
  look(): Promise<Look | null> {
    this.#looking ??= this.#look().finally(() => {
      this.#looking = null;
    });
    return this.#looking;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    const client = this.#client;
    this.#client = null;
    await client?.end();
    await this.#connecting;
  }

  async #look(): Promise<Look | null> {
    if (!this.#client) await this.#reconnect();
    const client = this.#client;
    if (!client) return null;
    const at = performance.now();
    try {
      const { rows } = await inTime(
        client.query<{ is_in_recovery: boolean; lsn: string; timeline: number }>(lookStatement),
      );
      const [row] = rows;
      if (!row) throw new Error("The server said nothing of itself.");
      // A look may be answered after the connection was given up.
      if (this.#client !== client) return null;
      return { at, isInRecovery: row.is_in_recovery, lsn: BigInt(row.lsn), timeline: row.timeline };
    } catch (error) {
      this.#giveUp(client, error as Error);
      return null;
    }
  }

  /** The attempt goes on when the patience for it is over; a later look finds what came of it. */
  async #reconnect(): Promise<void> {
    if (this.#isClosed) return;
    this.#connecting ??= this.#connect().finally(() => {
      this.#connecting = null;
    });
    const patience = new AbortController();
    const patienceMs = this.#isKnownDown ? reconnectPatienceMs : answerTimeoutMs;
    const pause = delay(patienceMs, undefined, { signal: patience.signal }).catch(() => {});
    await Promise.race([this.#connecting, pause]);
    patience.abort();
  }

  async #connect(): Promise<void> {
    const client = new pg.Client({
      connectionString: this.#url,
      application_name: "seminar-server watch",
      connectionTimeoutMillis: answerTimeoutMs,
      keepAlive: true,
    });
    client.on("error", (error) => this.#giveUp(client, error));
    client.on("end", () => this.#giveUp(client, new Error("The connection ended.")));
    try {
      await client.connect();
      if (this.#isClosed) await client.end();
      else this.#client = client;
      this.#isKnownDown = false;
    } catch (error) {
      this.#isKnownDown = true;
      this.#lastError = error as Error;
    }
  }

  #giveUp(client: pg.Client, error: Error): void {
    if (this.#client !== client) return;
    this.#client = null;
    this.#lastError = error;
    client.end().catch(() => {});
    this.#onLost(error);
  }
}

/** Timers come before the answers that arrived while this process was busy, so those get their turn first. */
async function inTime<T>(answer: Promise<T>): Promise<T> {
  const settled = new AbortController();
  const late = delay(answerTimeoutMs, undefined, { signal: settled.signal }).then(async () => {
    await nextTurn();
    throw new Error(`There was no answer within ${answerTimeoutMs} ms.`);
  });
  late.catch(() => {});
  try {
    return await Promise.race([answer, late]);
  } finally {
    settled.abort();
    answer.catch(() => {});
  }
}
