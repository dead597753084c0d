import type { WalPosition } from "../wal-position.ts";

/** What a server said of itself when it was looked at. */
export interface Observation extends WalPosition {
  readonly isInRecovery: boolean;
}

export interface Verdict {
  /** Which server takes the writes; null: none. */
  readonly primary: number | null;
  /** Servers that take writes too, and must not be given any. */
  readonly refused: readonly number[];
  readonly highestTimeline: number;
}

/**
 * Decides which server is the primary. A promotion begins a higher timeline, so among the servers that are out of recovery
 * the highest one is right, and one below the highest ever seen is a primary of the past: it is refused even when there
 * is no other. Of two on the same timeline the one stays that has been the primary, else the one that has more.
 * @param observations of one round, null for a server that is down
 * @param incumbent the server that has been the primary until now
 * @param highestTimeline the highest that was seen in earlier rounds
 */
export function judgeServers(
  observations: readonly (Observation | null)[],
  incumbent: number | null,
  highestTimeline: number,
): Verdict {
  const highest = Math.max(highestTimeline, ...observations.map((seen) => seen?.timeline ?? 0));
  const open = [...observations.entries()].flatMap(([index, seen]) =>
    seen && !seen.isInRecovery ? [{ index, ...seen }] : [],
  );
  const eligible = open.filter(({ timeline }) => timeline === highest);
  const [furthest] = eligible.toSorted((one, other) => (one.lsn < other.lsn ? 1 : -1));
  const primary = (eligible.find(({ index }) => index === incumbent) ?? furthest)?.index ?? null;
  return {
    primary,
    refused: open.map(({ index }) => index).filter((index) => index !== primary),
    highestTimeline: highest,
  };
}
