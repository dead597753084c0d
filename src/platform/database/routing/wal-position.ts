/**
 * A place in the write-ahead log. Each promotion begins a new timeline, and on two timelines the same `lsn` (a number of
 * bytes) may stand for different data.
 */
export interface WalPosition {
  readonly timeline: number;
  readonly lsn: bigint;
}

/** Whether a server that stands at `reached` has all that was written up to `wanted`. */
export function hasReached(reached: WalPosition, wanted: WalPosition): boolean {
  return reached.timeline >= wanted.timeline && reached.lsn >= wanted.lsn;
}

export function laterPosition(one: WalPosition | null, other: WalPosition | null): WalPosition | null {
  if (!one || !other) return one ?? other;
  if (one.timeline !== other.timeline) return one.timeline > other.timeline ? one : other;
  return one.lsn > other.lsn ? one : other;
}

/** PostgreSQL's own text of an LSN, such as 16/B374D848, as a number. */
export function parseLsn(text: string): bigint {
  const [high = "", low = ""] = text.split("/");
  return (BigInt(`0x${high}`) << 32n) | BigInt(`0x${low}`);
}

/** The timeline that the name of a WAL file begins with. */
export function timelineOfWalFile(name: string): number {
  return Number.parseInt(name.slice(0, 8), 16);
}

/**
 * Columns of a statement on the primary: where its log is, for `positionOf`. A commit answers when its record has been
 * flushed, and what others have committed is seen only after that: so up to the flushed position there is all that the
 * session has written, and that the statement sees. Without `synchronous_commit` it answers earlier; then the
 * position up to which the log was inserted is right.
 */
export const positionColumns = `case when not pg_is_in_recovery() then pg_walfile_name(pg_current_wal_flush_lsn()) end as wal_file,
  case when not pg_is_in_recovery() then
    case current_setting('synchronous_commit')
      when 'off' then pg_current_wal_insert_lsn() else pg_current_wal_flush_lsn() end
  end as lsn`;

export interface PositionRow {
  /** Null in recovery. */
  wal_file: string | null;
  lsn: string | null;
}

/** Null when the server that answered is not a primary. */
export function positionOf({ wal_file: walFile, lsn }: PositionRow): WalPosition | null {
  return walFile === null || lsn === null ? null : { timeline: timelineOfWalFile(walFile), lsn: parseLsn(lsn) };
}
