import { type RawBuilder, sql } from "kysely";
import { AuditEntry } from "../../platform/audit/audit-entry.entity.ts";
import { isUuid } from "../../platform/graphql/input/ids.ts";
import { parseInput } from "../../platform/graphql/input/input-rules.ts";
import { type Page, pageRequest } from "../../platform/graphql/lists/connections.ts";
import { entityPage } from "../../platform/graphql/lists/keyset-page.ts";
import { descending } from "../../platform/graphql/lists/list-order.ts";
import type { Context } from "../../platform/graphql/server/context.ts";
import { auditEntryFilterRules } from "../staff.rules.ts";
import type { AuditEntriesArgs, AuditEntryFilter } from "./audit-entries.inputs.ts";

const order = descending({ value: sql`audit_entries.id`, type: "uuid" });

/** A page of the audit trail, newest first, from the audit database; for VIEWERs. */
export async function listAuditEntries(context: Context, args: AuditEntriesArgs): Promise<Page<AuditEntry>> {
  const request = pageRequest("auditEntries", args, order);
  parseInput(auditEntryFilterRules, args.filter ?? {}, "filter");
  const query = { from: sql`audit_entries`, where: conditionsOf(args.filter ?? {}), order };
  return await entityPage(context.audit, request, query, AuditEntry);
}

function conditionsOf(filter: AuditEntryFilter): RawBuilder<unknown>[] {
  const { actorId, action, targetType, targetId, since, until } = filter;
  const conditions: RawBuilder<unknown>[] = [];
  // An id that is malformed is one that is unknown: nothing fits.
  if (actorId != null) conditions.push(isUuid(actorId) ? sql`actor_id = ${actorId}` : sql`false`);
  if (action != null) conditions.push(sql`action = ${action}`);
  if (targetType != null) conditions.push(sql`target_type = ${targetType}`);
  if (targetId != null) conditions.push(sql`target_id = ${targetId}`);
  if (since != null) conditions.push(sql`at >= ${since}`);
  if (until != null) conditions.push(sql`at < ${until}`);
  return conditions;
}
