import pRetry from "p-retry";
import { isLockTimeout } from "../platform/database/database-errors.ts";
import { ClientError } from "../platform/graphql/errors/errors.ts";
import { isUuid } from "../platform/graphql/input/ids.ts";
import { BulkRefusal, BulkRefusalCode, BulkResult } from "./bulk.results.ts";

/** What became of one id: why it was refused, or null when it was done. */
export type Outcome = BulkRefusalCode | null;

/** For how many more turns one id waits when its locks did not come free in time. */
const lockRetries = 2;
/** So many at once hold a seminar's lock for some ten milliseconds. */
const chunkSize = 50;

/**
 * Does the same for each of several ids, one after the other in the order of the ids, so that two bulks never wait for
 * each other in a circle. `work` is a short transaction of its own for each id: what others want goes on in between,
 * and a refusal undoes nothing. What `work` throws as NOT_FOUND is the refusal of that one id.
 * @throws what else `work` throws, such as an overload; the ids before it are done then, and repeating the bulk is safe
 */
export function inBulk(ids: readonly string[], work: (id: string) => Promise<Outcome>): Promise<BulkResult> {
  const chunks = [...new Set(ids)].filter(isUuid).sort();
  return inChunks(
    ids,
    chunks.map((id) => [id]),
    async ([id]) => [await work(id as string).catch(refusalOfUnknown)],
  );
}

/**
 * Likewise, for ids of which a few are done together: those of one chunk under one lock. `work` gives the outcomes in the
 * order of the chunk's ids.
 */
export async function inChunks(
  ids: readonly string[],
  chunks: readonly (readonly string[])[],
  work: (chunk: readonly string[]) => Promise<readonly Outcome[]>,
): Promise<BulkResult> {
  const outcomes = new Map<string, Outcome>();
  for (const chunk of chunks) {
    // Nothing of a transaction that did not get its locks was done.
    const done = await pRetry(() => work(chunk), {
      retries: lockRetries,
      minTimeout: 0,
      shouldRetry: ({ error }) => isLockTimeout(error),
    });
    for (const [index, id] of chunk.entries()) outcomes.set(id, done[index] as Outcome);
  }
  return bulkResult(ids, outcomes);
}

/** The distinct ids in groups so small that the transaction of each is short. */
export function chunksOf(ids: readonly string[]): string[][] {
  const distinct = [...new Set(ids)].filter(isUuid);
  return Array.from({ length: Math.ceil(distinct.length / chunkSize) }, (_none, index) =>
    distinct.slice(index * chunkSize, (index + 1) * chunkSize),
  );
}

/** Answers once for each id as it was given, repeated ones too. What has no outcome is unknown: NOT_FOUND. */
export function bulkResult(ids: readonly string[], outcomes: ReadonlyMap<string, Outcome>): BulkResult {
  const succeeded: string[] = [];
  const refused: BulkRefusal[] = [];
  for (const id of ids) {
    const outcome = outcomes.get(id);
    if (outcome === null) succeeded.push(id);
    else refused.push(new BulkRefusal(id, outcome ?? BulkRefusalCode.NOT_FOUND));
  }
  return new BulkResult(succeeded, refused);
}

function refusalOfUnknown(error: unknown): BulkRefusalCode {
  if (error instanceof ClientError && error.code === "NOT_FOUND") return BulkRefusalCode.NOT_FOUND;
  throw error;
}
