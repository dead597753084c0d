import { laterPosition, type WalPosition } from "./wal-position.ts";

/** The header that carries the token both ways, and the cookie that does it for browsers. */
export const consistencyTokenName = "consistency-token";

/**
 * What a query asks of the server that it reads from: nothing, all that was written up to a position, or, when it brings
 * a token that cannot be read, as much as there is.
 */
export type Freshness = WalPosition | "newest" | null;

/** How long a browser keeps its token. No replica that is read from is behind by as much. */
const maxAgeS = 3_600;

/** The text of a token: its version, the timeline, the LSN. Clients take it for opaque. */
export function encodeToken({ timeline, lsn }: WalPosition): string {
  return `1.${timeline.toString(16).padStart(8, "0")}${lsn.toString(16).padStart(16, "0")}`;
}

/** What the tokens of a request ask for; of two the later one counts. */
export function wantedFreshness(headers: { get(name: string): string | undefined }): Freshness {
  const tokens = [headers.get(consistencyTokenName), cookieOf(headers.get("cookie"))].filter((text) => text);
  const positions = tokens.map((text) => decodeToken(text as string));
  if (positions.includes(null)) return "newest";
  return positions.reduce(laterPosition, null);
}

/** The value of a `Set-Cookie` header that gives a browser its token. */
export function tokenCookie(token: string, isSecure: boolean): string {
  const attributes = [`Max-Age=${maxAgeS}`, "Path=/", "HttpOnly", "SameSite=Strict", ...(isSecure ? ["Secure"] : [])];
  return [`${consistencyTokenName}=${token}`, ...attributes].join("; ");
}

function decodeToken(text: string): WalPosition | null {
  const [, timeline, lsn] = text.match(/^1\.([0-9a-f]{8})([0-9a-f]{16})$/) ?? [];
  if (timeline === undefined || lsn === undefined) return null;
  return { timeline: Number.parseInt(timeline, 16), lsn: BigInt(`0x${lsn}`) };
}

function cookieOf(header: string | undefined): string | undefined {
  return header?.match(/(?:^|;)\s*consistency-token=([^;]*)/)?.[1]?.trim();
}
