import { ObjectType } from "type-graphql";
import { AuditEntry } from "../../platform/audit/audit-entry.entity.ts";
import { connectionOf, edgeOf } from "../../platform/graphql/lists/connections.ts";

@ObjectType({ description: "An entry of the audit trail in a list.", simpleResolvers: true })
export class AuditEntryEdge extends edgeOf(AuditEntry) {}

@ObjectType({ description: "A page of the audit trail.", simpleResolvers: true })
export class AuditEntryConnection extends connectionOf(AuditEntry, AuditEntryEdge) {}
