import { hasReached, type WalPosition } from "../wal-position.ts";

export interface Lag {
  /** In ms, as exact as the pauses between looks at the primary; null: longer than is remembered. */
  readonly ms: number | null;
  readonly bytes: number;
}

/** Where a server was at a time, on the clock of this process. */
interface Sample extends WalPosition {
  readonly at: number;
}

/** At four looks a second, more than ten minutes. */
const maxSamples = 3_000;

/**
 * Where the primary was when, on the clock of this process: so the lag of a replica is known in time without trusting the
 * clock of any server.
 */
export class PrimaryHistory {
  #samples: Sample[] = [];

  add(sample: Sample): void {
    const last = this.#samples.at(-1);
    if (last && last.timeline !== sample.timeline) this.#samples = [];
    if (last && hasReached(last, sample)) return;
    this.#samples.push(sample);
    if (this.#samples.length > maxSamples) this.#samples.shift();
  }

  /** How far behind a replica was. */
  lagOf(replica: Sample): Lag {
    const last = this.#samples.at(-1);
    const missing = this.#samples.findIndex((sample) => !hasReached(replica, sample));
    const missed = this.#samples[missing];
    if (!last || !missed) return { ms: 0, bytes: 0 };
    const bytes = Math.max(0, Number(last.lsn - replica.lsn));
    // Since when the primary has had what it had at the first look, nobody here knows.
    return { ms: missing === 0 ? null : Math.max(0, replica.at - missed.at), bytes };
  }
}
