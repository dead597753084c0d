import { LatelyUsed } from "../lately-used.ts";
import type { EndedSessions } from "./ended-sessions.ts";

/**
 * How long a session that was found going on is taken to go on without another look. That it was ended, or its user
 * deactivated, `EndedSessions` tells; after it has been blind it learns of the last minute, so this has to be well below a
 * minute. What nobody tells, such as a row that was changed by hand, is noticed after this at the latest.
 */
const trustedMs = 30_000;

/** About 5 MB. */
const maxRemembered = 50_000;

/**
 * The sessions that this process found going on a short while ago, for whoever needs to know that and nothing else of
 * the viewer. One that has ended is taken for going on no longer than `EndedSessions` takes to hear of it: at once what
 * this process ended, half a second what others did, and while it hears nothing, nobody is known.
 */
export class KnownSessions {
  readonly #ended: Pick<EndedSessions, "has" | "isUpToDate">;
  readonly #now: () => number;
  /** When it was found going on last; never, when it was found ended since. */
  readonly #foundAt = new LatelyUsed<string, number>(maxRemembered);

  /** @param now in milliseconds, on a clock that never goes back */
  constructor(ended: Pick<EndedSessions, "has" | "isUpToDate">, now = () => performance.now()) {
    this.#ended = ended;
    this.#now = now;
  }

  /** Hears what the database has just said of a session. */
  found(sessionId: string, goesOn: boolean): void {
    if (!goesOn) this.#foundAt.set(sessionId, Number.NEGATIVE_INFINITY);
    else if (this.#ended.isUpToDate) this.#foundAt.set(sessionId, this.#now());
  }

  /** Whether the session surely goes on; when not, the database has to be asked. */
  goesOn(sessionId: string): boolean {
    const foundAt = this.#foundAt.get(sessionId);
    if (foundAt === undefined || this.#now() - foundAt >= trustedMs) return false;
    return this.#ended.isUpToDate && !this.#ended.has(sessionId);
  }
}
