import { ArgsType, Field, ID, InputType } from "type-graphql";
import { DateTime } from "../../platform/graphql/input/scalars.ts";
import { PageArgs } from "../../platform/graphql/lists/connections.ts";

@InputType({ description: "Which entries of the audit trail to list; what is left out does not matter." })
export class AuditEntryFilter {
  @Field(() => ID, { nullable: true, description: "The user who did it." })
  actorId?: string | null;

  @Field(() => String, { nullable: true, description: "The name of the mutation or job." })
  action?: string | null;

  @Field(() => String, { nullable: true, description: "`User`, `Seminar`, `Enrollment` or `Job`." })
  targetType?: string | null;

  @Field(() => ID, { nullable: true, description: "The id of what was changed." })
  targetId?: string | null;

  @Field(() => DateTime, { nullable: true, description: "From this instant on." })
  since?: Date | null;

  @Field(() => DateTime, { nullable: true, description: "Before this instant." })
  until?: Date | null;
}

@ArgsType()
export class AuditEntriesArgs extends PageArgs {
  @Field(() => AuditEntryFilter, { nullable: true, description: "Which entries to list." })
  filter?: AuditEntryFilter | null;
}
