import type { FilterQuery } from "@mikro-orm/postgresql";
import { AuditEntry } from "../platform/audit/audit-entry.entity.ts";
import { requireStaff } from "../platform/auth/require-viewer.ts";
import { type Page, pageById, pageRequest } from "../platform/graphql/connections.ts";
import { type Context, StaffRole } from "../platform/graphql/context.ts";
import { isUuid } from "../platform/graphql/ids.ts";
import { parseInput } from "../platform/graphql/input-rules.ts";
import type { AuditEntriesArgs, AuditEntryFilter } from "./staff.inputs.ts";
import { auditEntryFilterRules } from "./staff.rules.ts";

/** A page of the audit trail, newest first, from the audit database; for VIEWERs. */
export async function listAuditEntries(context: Context, args: AuditEntriesArgs): Promise<Page<AuditEntry>> {
  requireStaff(context, StaffRole.VIEWER);
  const request = pageRequest("auditEntries", args, isUuid);
  parseInput(auditEntryFilterRules, args.filter ?? {}, "filter");
  return await pageById(context.audit, AuditEntry, request, conditionsOf(args.filter ?? {}), "desc");
}

function conditionsOf({
  actorId,
  action,
  targetType,
  targetId,
  since,
  until,
}: AuditEntryFilter): FilterQuery<AuditEntry> {
  const conditions: FilterQuery<AuditEntry>[] = [];
  // An id that is malformed is one that is unknown: nothing fits.
  if (actorId != null) conditions.push(isUuid(actorId) ? { actorId } : { actorId: { $in: [] } });
  if (action != null) conditions.push({ action });
  if (targetType != null) conditions.push({ targetType });
  if (targetId != null) conditions.push({ targetId });
  if (since != null) conditions.push({ at: { $gte: since } });
  if (until != null) conditions.push({ at: { $lt: until } });
  return conditions.length > 0 ? { $and: conditions } : {};
}
