/** Codes of PostgreSQL, https://www.postgresql.org/docs/current/errcodes-appendix.html */
const serializationFailure = "40001";
const deadlockDetected = "40P01";
const uniqueViolation = "23505";
const lockNotAvailable = "55P03";
const queryCanceled = "57014";
/** The first two still stand after all repeats, or a replica cancelled a read in favour of its replay. */
const overloads = new Set([serializationFailure, deadlockDetected, lockNotAvailable, queryCanceled]);
const unavailable = new Set([
  "53300", // too_many_connections
  "57P01", // admin_shutdown
  "57P02", // crash_shutdown
  "57P03", // cannot_connect_now
  "ECONNREFUSED",
  "ECONNRESET",
  "EPIPE",
  "ETIMEDOUT",
]);
/** What `pg` says without a code when the pool has no connection in time, or when the server goes away. */
const unavailableMessages =
  /timeout exceeded when trying to connect|Connection terminated|Client has encountered a connection error/;

/**
 * Whether the same transaction, begun anew, may well succeed or find out by its own checks why it cannot: somebody
 * else was in the way, or was faster and took what has to be unique.
 */
export function isWorthRepeating(error: unknown): boolean {
  return [serializationFailure, deadlockDetected, uniqueViolation].includes(codeOf(error) ?? "");
}

/** Whether the database had no time or no place for a statement: nothing is wrong with the request itself. */
export function isOverload(error: unknown): boolean {
  const code = codeOf(error);
  if (code !== undefined) return overloads.has(code) || unavailable.has(code);
  return error instanceof Error && unavailableMessages.test(error.message);
}

/** Whether somebody else holds the lock that was asked for. */
export function isLockTimeout(error: unknown): boolean {
  return codeOf(error) === lockNotAvailable;
}

/** Whether the server has no database of that name. */
export function isMissingDatabase(error: unknown): boolean {
  return codeOf(error) === "3D000";
}

function codeOf(error: unknown): string | undefined {
  for (let current = error; current instanceof Error; current = current.cause) {
    if ("code" in current && typeof current.code === "string") return current.code;
  }
  return undefined;
}
