import { Args, Ctx, FieldResolver, Query, Resolver, Root } from "type-graphql";
import { User } from "../../accounts/users/user.entity.ts";
import { userById } from "../../accounts/users/user.loaders.ts";
import { AuditEntry } from "../../platform/audit/audit-entry.entity.ts";
import type { Page } from "../../platform/graphql/lists/connections.ts";
import type { Context } from "../../platform/graphql/server/context.ts";
import { AuditEntryConnection } from "./audit-entries.connections.ts";
import { AuditEntriesArgs } from "./audit-entries.inputs.ts";
import { listAuditEntries } from "./list-audit-entries.ts";

@Resolver(() => AuditEntry)
export class AuditEntryResolver {
  @Query(() => AuditEntryConnection, { description: "The audit trail, newest first; for VIEWERs." })
  auditEntries(
    @Ctx() context: Context,
    @Args(() => AuditEntriesArgs) args: AuditEntriesArgs,
  ): Promise<Page<AuditEntry>> {
    return listAuditEntries(context, args);
  }

  @FieldResolver(() => User, { nullable: true, description: "Who did it; null for the server itself." })
  actor(@Ctx() context: Context, @Root() entry: AuditEntry): Promise<User | null> | null {
    return entry.actorId === null ? null : context.load(userById).load(entry.actorId);
  }
}
