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
