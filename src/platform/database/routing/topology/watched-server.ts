import { hasReached, type WalPosition } from "../wal-position.ts";
import type { Look } from "./server-watch.ts";

export type ServerRole = "primary" | "replica";

/**
 * `behind`: a replica that is too far back, does not follow the primary, or has yet to show how far it is. `refused`: a
 * second primary.
 */
export type ServerState = "up" | "behind" | "down" | "refused";

/** What is known of one server, as of the last round in which all were looked at. */
export interface WatchedServer {
  /** `primary` for the server that takes the writes, or took them last; `replica-1`, ... in the order of the addresses. */
  readonly name: string;
  readonly url: string;
  readonly role: ServerRole;
  readonly state: ServerState;
  /** Of a replica that is not down: how far it is behind; `lagMs` is null when that is longer than anybody remembers. */
  readonly lagMs: number | null;
  readonly lagBytes: number | null;
  /** When it was looked at last, which may be after that round. */
  readonly lastLook: Look | null;
}

/** Whether queries may read from this replica. */
export function isReadable(server: WatchedServer): boolean {
  return server.role === "replica" && server.state === "up";
}

/**
 * What consistency tokens may ask for at most, for whoever reads from the server from now on to see all of it; null: nobody
 * knows. A replica shows what it has replayed. The primary shows a commit a moment after its record was flushed, and
 * answers it with what is flushed then: so a token below the position that was looked up was given before the look, but
 * one that equals it may belong to a commit that nobody saw yet.
 */
export function positionSeen({ lastLook }: Pick<WatchedServer, "lastLook">): WalPosition | null {
  if (!lastLook) return null;
  const { timeline, lsn, isInRecovery } = lastLook;
  return { timeline, lsn: isInRecovery ? lsn : lsn - 1n };
}

/** Whether the server has replayed the log up to a position. */
export function hasReplayed(server: WatchedServer, position: WalPosition): boolean {
  return server.lastLook !== null && hasReached(server.lastLook, position);
}
