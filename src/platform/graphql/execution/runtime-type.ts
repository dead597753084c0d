import { type GraphQLAbstractType, GraphQLError, type GraphQLObjectType, isObjectType } from "graphql";
import type { ExecutionContext } from "graphql/execution/execute.js";
import { inspect } from "graphql/jsutils/inspect.js";
import type { PlannedField } from "./planned-field.ts";

/**
 * The object type of that name, which an interface or union was resolved to.
 * @throws when there is none that the value could be of
 */
export function runtimeTypeOf(
  name: unknown,
  abstractType: GraphQLAbstractType,
  { parentType, definition, nodes }: PlannedField,
  { schema }: ExecutionContext,
  value: unknown,
): GraphQLObjectType {
  const abstract = `Abstract type "${abstractType.name}"`;
  const unresolved = `${abstract} must resolve to an Object type at runtime for field "${parentType.name}.${definition.name}"`;
  if (name === null || name === undefined) {
    const means = `Either the "${abstractType.name}" type should provide a "resolveType" function or each possible type should provide an "isTypeOf" function.`;
    throw new GraphQLError(`${unresolved}. ${means}`, { nodes });
  }
  if (isObjectType(name)) {
    throw new GraphQLError(
      "Support for returning GraphQLObjectType from resolveType was removed in graphql-js@16.0.0 please return type name instead.",
    );
  }
  if (typeof name !== "string") {
    throw new GraphQLError(`${unresolved} with value ${inspect(value)}, received "${inspect(name)}".`);
  }
  const type = schema.getType(name);
  if (!type) {
    throw new GraphQLError(`${abstract} was resolved to a type "${name}" that does not exist inside the schema.`, {
      nodes,
    });
  }
  if (!isObjectType(type)) {
    throw new GraphQLError(`${abstract} was resolved to a non-object type "${name}".`, { nodes });
  }
  if (!schema.isSubType(abstractType, type)) {
    throw new GraphQLError(`Runtime Object type "${type.name}" is not a possible type for "${abstractType.name}".`, {
      nodes,
    });
  }
  return type;
}
