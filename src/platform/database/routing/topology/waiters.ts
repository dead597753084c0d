import { setTimeout as delay } from "node:timers/promises";

interface Waiter {
  /** Tries once more. */
  isServed(): boolean;
}

/** Those who wait for something that has to be looked up. One look serves all of them, and nobody looks without them. */
export class Waiters {
  readonly #pauseMs: number;
  readonly #look: () => Promise<void>;
  #waiting: Waiter[] = [];
  #isLooking = false;

  constructor(pauseMs: number, look: () => Promise<void>) {
    this.#pauseMs = pauseMs;
    this.#look = look;
  }

  /** Tries `find` after each look until it finds something; null when the time is over. */
  wait<T>(find: () => T | null, timeoutMs: number): Promise<T | null> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        this.#waiting = this.#waiting.filter((one) => one !== waiter);
        resolve(find());
      }, timeoutMs);
      const waiter: Waiter = {
        isServed: () => {
          const found = find();
          if (found === null) return false;
          clearTimeout(timer);
          resolve(found);
          return true;
        },
      };
      this.#waiting.push(waiter);
      if (!this.#isLooking) void this.#lookWhileSomebodyWaits();
    });
  }

  async #lookWhileSomebodyWaits(): Promise<void> {
    this.#isLooking = true;
    while (this.#waiting.length > 0) {
      await this.#look();
      this.#waiting = this.#waiting.filter((waiter) => !waiter.isServed());
      if (this.#waiting.length > 0) await delay(this.#pauseMs);
    }
    this.#isLooking = false;
  }
}
