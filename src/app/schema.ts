import type { GraphQLObjectType, GraphQLSchema } from "graphql";
import { buildSchemaSync } from "type-graphql";
import { AccountResolver } from "../accounts/account.resolver.ts";
import { InstructorProfileResolver, ParticipantProfileResolver, UserResolver } from "../accounts/user.resolver.ts";
import {
  DropSeminarSuccessResolver,
  EnrollmentMutationResolver,
  EnrollmentResolver,
  JoinSeminarRefusalResolver,
  JoinSeminarSuccessResolver,
} from "../enrollment/enrollment.resolver.ts";
import { SeminarEnrollmentsResolver } from "../enrollment/seminar-enrollments.resolver.ts";
import { UserEnrollmentsResolver } from "../enrollment/user-enrollments.resolver.ts";
import { RefusalResolver } from "../platform/graphql/refusal.ts";
import { SeminarResolver } from "../seminars/seminar.resolver.ts";
import { ServerTimeResolver } from "../seminars/server-time.resolver.ts";
import { BulkRefusalResolver } from "../staff/bulk.results.ts";
import { AuditEntryResolver, StaffResolver } from "../staff/staff.resolver.ts";

/** The graph, from the resolvers of all features. */
export function createSchema(): GraphQLSchema {
  const schema = buildGraph();
  describe(schema.getQueryType(), "What can be asked. A query reads one state of the data, and changes nothing.");
  describe(
    schema.getMutationType(),
    "What can be done. A result is a union: on success what has changed, or a refusal by the rules with a code.",
  );
  return schema;
}

/** TypeGraphQL takes no description for the types that it puts together itself. */
function describe(type: GraphQLObjectType | null | undefined, description: string): void {
  if (type) type.description = description;
}

function buildGraph(): GraphQLSchema {
  return buildSchemaSync({
    resolvers: [
      ServerTimeResolver,
      AccountResolver,
      UserResolver,
      ParticipantProfileResolver,
      InstructorProfileResolver,
      UserEnrollmentsResolver,
      SeminarResolver,
      SeminarEnrollmentsResolver,
      EnrollmentResolver,
      EnrollmentMutationResolver,
      JoinSeminarSuccessResolver,
      JoinSeminarRefusalResolver,
      DropSeminarSuccessResolver,
      RefusalResolver,
      StaffResolver,
      AuditEntryResolver,
      BulkRefusalResolver,
    ],
    // The rules of input are checked by the use cases; here only its types are.
    validate: false,
  });
}
