import { v7 as uuidv7 } from "uuid";
import { z } from "zod";
import { defineJob, type JobSpec } from "../jobs/define-job.ts";
import { AuditEntry } from "./audit-entry.entity.ts";
import type { Changes } from "./changes.ts";

/** The types of the graph that entries are about. */
export type AuditTarget = "User" | "Seminar" | "Enrollment" | "Job";

/**
 * Writes one entry into the audit database. The entry has its id from the transaction that it tells of, so that writing
 * it again changes nothing. While the audit database is down the entry waits here, for days if need be.
 */
export const writeAuditEntry = defineJob({
  name: "writeAuditEntry",
  payload: z.object({
    id: z.uuid(),
    at: z.iso.datetime(),
    actorId: z.uuid().nullable(),
    action: z.string(),
    targetType: z.string(),
    targetId: z.string(),
    changes: z.record(z.string(), z.tuple([z.unknown(), z.unknown()])),
    requestId: z.string().nullable(),
  }),
  priority: 10,
  maxAttempts: 1_000,
  async run({ audit }, payload) {
    await audit.upsert(
      AuditEntry,
      { ...payload, at: new Date(payload.at), changes: payload.changes as Changes },
      { onConflictAction: "ignore" },
    );
  },
});

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
  return writeAuditEntry.of({
    id: uuidv7(),
    at: new Date().toISOString(),
    actorId: actor.viewer?.id ?? null,
    action,
    targetType,
    targetId,
    changes: changes as Record<string, [unknown, unknown]>,
    requestId: actor.requestId,
  });
}
