import {
  type DocumentNode,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from "graphql";
import type { Audience } from "../permissions/field-permission.ts";
import { permissionOf } from "../permissions/guard-schema.ts";

/**
 * For whom an answer to the operation is the same, as the table of permissions says of every field in it, those of its
 * fragments and those that are skipped too; null: it is for one viewer, or of one moment, or the operation is no query.
 */
export function audienceOf(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
): Audience | null {
  if (operation.operation !== "query") return null;
  const audiences = new Set(fieldAudiences(schema, document, operation));
  if (audiences.has(null)) return null;
  return audiences.has("loggedIn") ? "loggedIn" : "everyone";
}

/** A fragment is looked into once: those that spread each other would have no end. */
function fieldAudiences(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
): (Audience | null)[] {
  const audiences: (Audience | null)[] = [];
  const fragments = new Map(
    document.definitions.flatMap((one) =>
      one.kind === Kind.FRAGMENT_DEFINITION ? [[one.name.value, one] as const] : [],
    ),
  );
  const parts: (typeof document.definitions)[number][] = [operation];
  for (const part of parts) {
    const types = new TypeInfo(schema);
    const visitor = visitWithTypeInfo(types, {
      Field({ name }) {
        if (name.value === "__typename") return;
        const field = types.getFieldDef();
        audiences.push((field && permissionOf(field)?.sameFor) ?? null);
      },
      FragmentSpread({ name }) {
        const fragment = fragments.get(name.value);
        if (fragment) parts.push(fragment);
        fragments.delete(name.value);
      },
    });
    visit(part, visitor);
  }
  return audiences;
}
