import { setTimeout as delay } from "node:timers/promises";
import { CommitInDoubt, isLostConnection, isOverload, isWorthRepeating } from "./database-errors.ts";

const maxRepeats = 5;
/** Within this time another server may have become the primary, or the same one be back. */
const maxRepeatMs = 8_000;
const maxPauseMs = 500;

export interface RepeatOptions {
  /** Doing it again after it was done gives the same answer: then a commit in doubt is settled by doing it again. */
  isRepeatable?: boolean;
  /** The doubt that doing it is to settle. */
  doubt?: CommitInDoubt;
  /** It is part of a transaction that is not begun anew: without that one's connection it is lost. */
  isNested?: boolean;
}

/**
 * Does `attempt`, a whole transaction, and within eight seconds does it again: up to five times after a deadlock, a
 * serialization failure, a value that somebody else took meanwhile, or a connection that was lost before the commit;
 * and until a server answers while it is in doubt whether what is repeatable was committed.
 * @throws CommitInDoubt when the doubt cannot be settled
 */
export async function repeat<T>(
  attempt: () => Promise<T>,
  { isRepeatable = false, doubt, isNested = false }: RepeatOptions,
): Promise<T> {
  const startedAt = performance.now();
  let unsettled = doubt;
  for (let repeats = 0; ; repeats++) {
    try {
      return await attempt();
    } catch (error) {
      if (error instanceof CommitInDoubt && isRepeatable) unsettled = error;
      const isInTime = performance.now() - startedAt < maxRepeatMs;
      if (unsettled && isOverload(error)) {
        if (!isInTime) throw unsettled;
      } else {
        const mayRepeat = isWorthRepeating(error) || (!isNested && isLostConnection(error));
        if (!mayRepeat || !isInTime || repeats >= maxRepeats) throw error;
      }
    }
    await delay(pauseMs(repeats));
  }
}

/** Ever longer, and at random, so that those who met do not meet again. */
function pauseMs(repeats: number): number {
  return Math.min(5 * 2 ** repeats * (1 + Math.random()), maxPauseMs);
}
