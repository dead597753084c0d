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

/** Whether the server has replayed the log up to a position. */
export function hasReplayed(server: WatchedServer, position: WalPosition): boolean {
  return server.lastLook !== null && hasReached(server.lastLook, position);
}
