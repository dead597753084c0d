import { type DocumentNode, type GraphQLSchema, Kind, type OperationDefinitionNode } from "graphql";
import { permissionOf } from "./guard-schema.ts";

/**
 * Whether an operation of a valid document asks for something at the root that only staff may use, directly or by way of
 * fragments, whoever asks. `@skip` and `@include` are not looked at.
 */
export function isStaffOperation(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
): boolean {
  const fields = schema.getRootType(operation.operation)?.getFields() ?? {};
  return rootFieldsOf(document, operation).some((name) => {
    const field = fields[name];
    return field !== undefined && permissionOf(field)?.kind === "staff";
  });
}

/** The names at the root. A fragment is looked into once: those that spread each other twice would have no end. */
function rootFieldsOf(document: DocumentNode, operation: OperationDefinitionNode): string[] {
  const names: string[] = [];
  const fragments = new Map(
    document.definitions.flatMap((one) =>
      one.kind === Kind.FRAGMENT_DEFINITION ? [[one.name.value, one] as const] : [],
    ),
  );
  const selectionSets = [operation.selectionSet];
  for (const { selections } of selectionSets) {
    for (const selection of selections) {
      if (selection.kind === Kind.FIELD) names.push(selection.name.value);
      else if (selection.kind === Kind.INLINE_FRAGMENT) selectionSets.push(selection.selectionSet);
      else {
        const fragment = fragments.get(selection.name.value);
        if (fragment) selectionSets.push(fragment.selectionSet);
        fragments.delete(selection.name.value);
      }
    }
  }
  return names;
}
