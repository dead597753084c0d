import type { GraphQLObjectType, GraphQLSchema } from "graphql";
import { buildSchemaSync } from "type-graphql";
import { AccountResolver } from "../accounts/account.resolver.ts";
import { UserResolver } from "../accounts/users/user.resolver.ts";
import { SeminarResolver } from "../catalogue/seminar.resolver.ts";
import {
  DropSeminarSuccessResolver,
  EnrollmentMutationResolver,
  EnrollmentResolver,
  JoinSeminarRefusalResolver,
  JoinSeminarSuccessResolver,
} from "../enrollment/enrollment.resolver.ts";
import { SeminarEnrollmentsResolver } from "../enrollment/seminar-enrollments.resolver.ts";
import { UserEnrollmentsResolver } from "../enrollment/user-enrollments.resolver.ts";
import { RefusalResolver } from "../platform/graphql/errors/refusal.ts";
import { guardSchema } from "../platform/graphql/permissions/guard-schema.ts";
import { SeminarMutationsResolver } from "../seminars/seminar-mutations.resolver.ts";
import { AuditEntryResolver } from "../staff/audit/audit-entries.resolver.ts";
import { BulkRefusalResolver } from "../staff/bulk.results.ts";
import { EnrollmentsResolver } from "../staff/enrollments/enrollments.resolver.ts";
import { StaffEnrollmentsResolver } from "../staff/enrollments/staff-enrollments.resolver.ts";
import { JobsResolver } from "../staff/jobs/jobs.resolver.ts";
import { StaffSeminarsResolver } from "../staff/seminars/staff-seminars.resolver.ts";
import { PeopleResolver } from "../staff/users/people.resolver.ts";
import { UsersResolver } from "../staff/users/users.resolver.ts";
import { permissions } from "./permissions.ts";
import { ServerTimeResolver } from "./server-time.resolver.ts";

/** The graph, from the resolvers of all features, with every field guarded. */
export function createSchema(): GraphQLSchema {
  const schema = buildGraph();
  describe(schema.getQueryType(), "What can be asked. A query reads one state of the data, and changes nothing.");
  describe(
    schema.getMutationType(),
    "What can be done. A result is a union: on success what has changed, or a refusal by the rules with a code.",
  );
  guardSchema(schema, permissions);
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
      UserEnrollmentsResolver,
      SeminarResolver,
      SeminarMutationsResolver,
      SeminarEnrollmentsResolver,
      EnrollmentResolver,
      EnrollmentMutationResolver,
      JoinSeminarSuccessResolver,
      JoinSeminarRefusalResolver,
      DropSeminarSuccessResolver,
      RefusalResolver,
      AuditEntryResolver,
      JobsResolver,
      UsersResolver,
      EnrollmentsResolver,
      PeopleResolver,
      StaffEnrollmentsResolver,
      StaffSeminarsResolver,
      BulkRefusalResolver,
    ],
    // The rules of input are checked by the use cases; here only its types are.
    validate: false,
  });
}
