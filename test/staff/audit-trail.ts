import type { TestDatabase } from "../support/database.ts";
import { queuedEntries } from "../support/queue.ts";

/** The audit entries about these objects that wait to be written, as `action targetType targetId changes`. */
export async function entriesAbout(database: TestDatabase, ...targetIds: string[]): Promise<unknown[][]> {
  const entries = (await queuedEntries(database)).filter(({ targetId }) => targetIds.includes(targetId));
  return entries.map(({ action, targetType, targetId, changes }) => [action, targetType, targetId, changes]);
}
