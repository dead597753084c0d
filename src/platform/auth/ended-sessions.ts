import { setTimeout as delay } from "node:timers/promises";

/** Longer than any replica is behind that still is read from. */
const rememberedMs = 60 * 60 * 1000;
const lookEveryMs = 200;
/** How long a look is believed. Others come long before that, unless the database cannot be seen. */
const believedMs = 500;

/**
 * The sessions that ended lately, in the memory of this process. A replica that is behind still takes them for going on;
 * here they have ended: at once when this process ended them, within half a second when another one did.
 */
export class EndedSessions {
  /** When each one may be forgotten, on the clock of `Date.now()`, the earliest first. */
  readonly #forgetAt = new Map<string, number>();
  /** When the last look that succeeded began, on the clock of `performance.now()`. */
  #lookedAt = Number.NEGATIVE_INFINITY;

  has(sessionId: string): boolean {
    return this.#forgetAt.has(sessionId);
  }

  /** Whether every session that ended half a second ago or earlier is known here, within what is remembered. */
  get isUpToDate(): boolean {
    return performance.now() - this.#lookedAt < believedMs;
  }

  /** To be told after the transaction that ended them was committed. */
  add(sessionIds: readonly string[]): void {
    const now = Date.now();
    for (const id of sessionIds) {
      this.#forgetAt.delete(id);
      this.#forgetAt.set(id, now + rememberedMs);
    }
    for (const [id, forgetAt] of this.#forgetAt) {
      if (forgetAt > now) break;
      this.#forgetAt.delete(id);
    }
  }

  /**
   * Learns from time to time what other processes ended.
   * @param read gives the ids of the sessions that ended within the last minute or so
   * @param onBlind hears of it when `read` begins to fail
   * @returns how to stop
   */
  watch(read: () => Promise<readonly string[]>, onBlind: (error: unknown) => void): () => Promise<void> {
    const stopping = new AbortController();
    const watching = this.#watchUntil(stopping.signal, read, onBlind);
    return async () => {
      stopping.abort();
      await watching;
    };
  }

  async #watchUntil(
    stop: AbortSignal,
    read: () => Promise<readonly string[]>,
    onBlind: (error: unknown) => void,
  ): Promise<void> {
    let isBlind = false;
    while (!stop.aborted) {
      const lookedAt = performance.now();
      try {
        this.add(await read());
        this.#lookedAt = lookedAt;
        isBlind = false;
      } catch (error) {
        if (!isBlind) onBlind(error);
        isBlind = true;
      }
      const pauseMs = Math.max(0, lookedAt + lookEveryMs - performance.now());
      await delay(pauseMs, null, { signal: stop, ref: false }).catch(() => {});
    }
  }
}
