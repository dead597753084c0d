import { setTimeout as delay } from "node:timers/promises";

/** Longer than any replica is behind that still is read from. */
const rememberedMs = 60 * 60 * 1000;
const lookEveryMs = 500;

/**
 * The sessions that ended lately, in the memory of this process. A replica that is behind still takes them for going on;
 * here they have ended: at once when this process ended them, within half a second when another one did.
 */
export class EndedSessions {
  /** When each one may be forgotten, on the clock of `Date.now()`, the earliest first. */
  readonly #forgetAt = new Map<string, number>();

  has(sessionId: string): boolean {
    return this.#forgetAt.has(sessionId);
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
      try {
        this.add(await read());
        isBlind = false;
      } catch (error) {
        if (!isBlind) onBlind(error);
        isBlind = true;
      }
      await delay(lookEveryMs, null, { signal: stop, ref: false }).catch(() => {});
    }
  }
}
