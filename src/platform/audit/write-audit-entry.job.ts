import type { EntityManager } from "@mikro-orm/postgresql";
import { v7 as uuidv7 } from "uuid";
import { z } from "zod";
import { isOverload } from "../database/database-errors.ts";
import { defineJob, type JobSpec } from "../jobs/define-job.ts";
import { AuditEntry } from "./audit-entry.entity.ts";
import type { Changes } from "./changes.ts";

/** The types of the graph that entries are about. */
export type AuditTarget = "User" | "Seminar" | "Enrollment" | "Job";

const entry = z.object({
  id: z.uuid(),
  at: z.iso.datetime(),
  actorId: z.uuid().nullable(),
  action: z.string(),
  targetType: z.string(),
  targetId: z.string(),
  changes: z.record(z.string(), z.tuple([z.unknown(), z.unknown()])),
  requestId: z.string().nullable(),
});

/**
 * Writes entries into the audit database. They have their ids from the transaction that they tell of, so that writing
 * them again changes nothing. While the audit database is down they wait here, for days if need be.
 */
export const writeAuditEntry = defineJob({
  name: "writeAuditEntry",
  // Older versions of the server added one job for each entry.
  payload: z.preprocess((payload) => [payload].flat(), z.array(entry)),
  priority: 10,
  maxAttempts: 1_000,
  async run({ audit }, payload) {
    const entries = payload.map(({ at, changes, ...rest }) => ({
      ...rest,
      at: new Date(at),
      changes: changes as Changes,
    }));
    await writeAll(audit, entries);
  },
});

/** An entry that cannot be written keeps none of the others waiting. */
async function writeAll(audit: EntityManager, entries: readonly AuditEntry[]): Promise<void> {
  try {
    await audit.upsertMany(AuditEntry, [...entries], { onConflictAction: "ignore" });
  } catch (error) {
    if (entries.length === 1 || isOverload(error)) throw error;
    const failures: unknown[] = [];
    for (const one of entries) await writeAll(audit, [one]).catch((failure) => failures.push(failure));
    if (failures.length > 0) throw failures[0];
  }
}

/** Who acts, and in which request. */
export interface Actor {
  readonly viewer: { readonly id: string } | null;
  readonly requestId: string | null;
}

/** The server itself, acting by a job. */
export const serverItself: Actor = { viewer: null, requestId: null };

/** The job for one entry: to be added in the transaction of the change. */
export function auditEntry(
  actor: Actor,
  action: string,
  targetType: AuditTarget,
  targetId: string,
  changes: Changes,
): JobSpec {
  return writeAuditEntry.of([
    {
      id: uuidv7(),
      at: new Date().toISOString(),
      actorId: actor.viewer?.id ?? null,
      action,
      targetType,
      targetId,
      changes: changes as Record<string, [unknown, unknown]>,
      requestId: actor.requestId,
    },
  ]);
}
