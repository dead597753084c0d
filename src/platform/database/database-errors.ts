/** Codes of PostgreSQL, https://www.postgresql.org/docs/current/errcodes-appendix.html */
const serializationFailure = "40001";
const deadlockDetected = "40P01";
const uniqueViolation = "23505";
const lockNotAvailable = "55P03";
const queryCanceled = "57014";
/** The first two still stand after all repeats, or a replica cancelled a read in favour of its replay. */
const overloads = new Set([serializationFailure, deadlockDetected, lockNotAvailable, queryCanceled]);
/** A connection that was there is gone. */
const losses = new Set([
  "57P01", // admin_shutdown
  "57P02", // crash_shutdown
  "08P01", // protocol_violation, as which PgBouncer tells that a server went away
  "ECONNRESET",
  "EPIPE",
  "ETIMEDOUT",
]);
/** What a statement was prepared for has changed since, by a migration: no other use of the connection can mend it. */
const outdatedPlan = /^cached plan must not change result type/;
/** There is no connection to be had. */
const unavailable = new Set([
  "25006", // read_only_sql_transaction: the server is a primary no longer
  "53300", // too_many_connections
  "57P03", // cannot_connect_now
  "ECONNREFUSED",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "NO_PRIMARY",
  "QUEUE_FULL",
  "UNREACHABLE",
]);
/** What `pg` says without a code: of a statement that it does not send any more, when the server goes away meanwhile ... */
const unsentMessages = /is not queryable/;
const lossMessages = /Connection terminated(?! due to connection timeout)|Query read timeout/;
/** ... and when the pool has no connection in time. */
const unavailableMessages = /timeout exceeded when trying to connect|due to connection timeout/;

/**
 * The connection was lost between COMMIT and its answer, or the server stopped: the transaction may have been committed
 * or not. Whoever asks again finds out.
 */
export class CommitInDoubt extends Error {
  constructor(cause: unknown) {
    super("Nobody knows whether the transaction was committed.", { cause });
  }
}

/** There is no connection that a statement could go to: no server, none that answers, or too many wait for it already. */
export class Unavailable extends Error {
  /** After which time another attempt is worth while, in milliseconds, when somebody knows. */
  readonly retryAfterMs: number | null;

  constructor(
    readonly code: "NO_PRIMARY" | "QUEUE_FULL" | "UNREACHABLE",
    message: string,
    { cause, retryAfterMs = null }: { cause?: unknown; retryAfterMs?: number | null } = {},
  ) {
    super(message, { cause });
    this.retryAfterMs = retryAfterMs;
  }
}

/**
 * Whether the same transaction, begun anew, may well succeed or find out by its own checks why it cannot: somebody
 * else was in the way, or was faster and took what has to be unique.
 */
export function isWorthRepeating(error: unknown): boolean {
  return [serializationFailure, deadlockDetected, uniqueViolation].includes(codeOf(error) ?? "");
}

/** For who finds, with the locks, that what they were chosen by is no longer so: the transaction is begun anew. */
export function changedMeanwhile(): Error {
  return Object.assign(new Error("What was read before the locks has changed."), { code: serializationFailure });
}

/** Whether the database had no time or no place for a statement: nothing is wrong with the request itself. */
export function isOverload(error: unknown): boolean {
  if (error instanceof CommitInDoubt || isLostConnection(error)) return true;
  const code = codeOf(error);
  if (code !== undefined) return overloads.has(code) || unavailable.has(code);
  return error instanceof Error && unavailableMessages.test(error.message);
}

/**
 * Whether the connection was lost, or is of no use any more. Unless that was between COMMIT and its answer, nothing has been changed: the server
 * rolls back what was begun.
 */
export function isLostConnection(error: unknown): boolean {
  if (error instanceof CommitInDoubt) return false;
  const code = codeOf(error);
  if (code !== undefined) return losses.has(code) || (error instanceof Error && outdatedPlan.test(error.message));
  return error instanceof Error && (lossMessages.test(error.message) || unsentMessages.test(error.message));
}

/** Whether a server refused a new connection, or could not be reached. */
export function isUnreachable(error: unknown): boolean {
  return unavailable.has(codeOf(error) ?? "") || isLostConnection(error);
}

/** What COMMIT failed with, as `CommitInDoubt` unless it is certain that nothing was committed. */
export function commitFailure(error: unknown): unknown {
  const isUnsent = error instanceof Error && unsentMessages.test(error.message);
  return isOverload(error) && !isWorthRepeating(error) && !isUnsent ? new CommitInDoubt(error) : error;
}

/** Whether others were in the way of just these rows, for longer than a statement may take. */
export function isContention(error: unknown): boolean {
  return overloads.has(codeOf(error) ?? "");
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
  for (let current = error as { code?: unknown; cause?: unknown } | null | undefined; current; ) {
    if (typeof current.code === "string") return current.code;
    current = current.cause as typeof current;
  }
  return undefined;
}
