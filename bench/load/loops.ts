import { setTimeout as sleep } from "node:timers/promises";
import { type LoadResult, outcomeOfError, Recorder } from "./recorder.ts";

/** Does one operation over a connection of its own and tells the outcome; null: there is nothing left to do. */
export type Client = () => Promise<string | null>;

/** Each client sends its next request when it has the answer to its last one. */
export async function closedLoop(
  clients: readonly Client[],
  seconds: number,
  signal: AbortSignal,
): Promise<LoadResult> {
  const recorder = new Recorder();
  const deadline = performance.now() + seconds * 1000;
  const send = async (client: Client) => {
    while (!signal.aborted && performance.now() < deadline) if (!(await perform(client, recorder))) return;
  };
  await Promise.all(clients.map(send));
  signal.throwIfAborted();
  return recorder.result();
}

/**
 * Requests come at a fixed rate, however long the answers take, as from people who know nothing of each other. The time
 * that a request waits for a free client counts.
 */
export async function openLoop(
  clients: readonly Client[],
  perSecond: number,
  seconds: number,
  signal: AbortSignal,
): Promise<LoadResult> {
  const recorder = new Recorder();
  const startedAt = performance.now();
  const total = Math.ceil(perSecond * seconds);
  let next = 0;
  const send = async (client: Client) => {
    while (next < total) {
      const dueAt = startedAt + (next++ * 1000) / perSecond;
      const waitMs = dueAt - performance.now();
      if (waitMs > 0) await sleep(waitMs, undefined, { signal });
      signal.throwIfAborted();
      if (!(await perform(client, recorder, dueAt))) return;
    }
  };
  await Promise.all(clients.map(send));
  return recorder.result();
}

/** Every client does one operation, all at the same moment. */
export async function allAtOnce(clients: readonly Client[], signal: AbortSignal): Promise<LoadResult> {
  const recorder = new Recorder();
  await Promise.all(clients.map((client) => perform(client, recorder)));
  signal.throwIfAborted();
  return recorder.result();
}

/** Whether there was something to do. */
async function perform(client: Client, recorder: Recorder, since = performance.now()): Promise<boolean> {
  let outcome: string | null;
  try {
    outcome = await client();
  } catch (error) {
    outcome = outcomeOfError(error);
  }
  if (outcome !== null) recorder.record(outcome, since);
  return outcome !== null;
}
