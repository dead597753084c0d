import {
  type ASTNode,
  coerceInputValue,
  type DocumentNode,
  type GraphQLError,
  type GraphQLInputType,
  type GraphQLSchema,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isInputType,
  isListType,
  isNonNullType,
  Kind,
  type OperationDefinitionNode,
  TypeInfo,
  typeFromAST,
  visit,
  visitWithTypeInfo,
} from "graphql";
import type { LocalizedText } from "../../locale.ts";
import type { FieldFault } from "../errors/errors.ts";
import { inputTexts } from "./input-rules.ts";
import { valueTexts } from "./value-texts.ts";

type Path = (string | number)[];

/** Every variable value that its type refuses, by the argument where the variable stands. */
export function variableFaults(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variables: Record<string, unknown>,
): FieldFault[] {
  return (operation.variableDefinitions ?? []).flatMap((definition) => {
    const name = definition.variable.name.value;
    const type = typeFromAST(schema, definition.type as never);
    if (!isInputType(type)) return [];
    const start = () => pathOfVariable(document, name);
    const value = Object.hasOwn(variables, name) ? variables[name] : undefined;
    if (value === undefined) {
      const isMissing = isNonNullType(type) && !definition.defaultValue;
      return isMissing ? [{ path: start(), text: inputTexts.required }] : [];
    }
    const faults: FieldFault[] = [];
    coerceInputValue(value, type, (path, invalid, error) => {
      const missing = missingField(error);
      faults.push(
        missing
          ? { path: [...start(), ...path, missing], text: inputTexts.required }
          : { path: [...start(), ...path], text: textFor(typeAt(type, path), invalid) },
      );
    });
    return faults;
  });
}

/** The fault behind a validation error about a value that stands in the document itself; null for any other error. */
export function literalFault(schema: GraphQLSchema, document: DocumentNode, error: GraphQLError): FieldFault | null {
  const node = error.nodes?.[0];
  if (!node || !literalKinds.has(node.kind)) return null;
  const typeInfo = new TypeInfo(schema);
  let type: GraphQLInputType | null | undefined;
  visit(
    document,
    visitWithTypeInfo(typeInfo, {
      enter: (visited) => {
        if (visited === node) type = typeInfo.getInputType();
      },
    }),
  );
  const path = pathOf(document, (visited) => visited === node) ?? pathInDefault(document, node);
  const missing = missingField(error);
  if (missing) return path && { path: [...path, missing], text: inputTexts.required };
  return path && { path, text: textFor(type, node.kind === Kind.NULL ? null : node) };
}

/** The required field of an input object that is not there, of which GraphQL.js tells only in words. */
function missingField(error: GraphQLError): string | undefined {
  return error.message.match(/^Field "(?:\w+\.)?(\w+)" of required type "[^"]+" was not provided\.$/)?.[1];
}

const literalKinds = new Set<string>([
  Kind.INT,
  Kind.FLOAT,
  Kind.STRING,
  Kind.BOOLEAN,
  Kind.ENUM,
  Kind.LIST,
  Kind.OBJECT,
  Kind.NULL,
]);

function pathOfVariable(document: DocumentNode, name: string): Path {
  return pathOf(document, (node) => node.kind === Kind.VARIABLE && node.name.value === name) ?? [name];
}

/** Where a value in the default of a variable ends up. */
function pathInDefault(document: DocumentNode, node: ASTNode): Path | null {
  const definitions = document.definitions.flatMap(
    (one) => ("variableDefinitions" in one && one.variableDefinitions) || [],
  );
  for (const { variable, defaultValue } of definitions) {
    const path = defaultValue && pathOf(defaultValue, (visited) => visited === node);
    if (path) return [...pathOfVariable(document, variable.name.value), ...path];
  }
  return null;
}

/** Where the first such node stands: the argument's name, then names of input fields and indices of lists. */
function pathOf(root: ASTNode, isWanted: (node: ASTNode) => boolean): Path | null {
  let found: Path | null = null;
  const path: Path = [];
  visit(root, {
    enter(node, key, parent) {
      if (found) return false;
      if (node.kind === Kind.VARIABLE_DEFINITION) return false;
      if (node.kind === Kind.ARGUMENT || node.kind === Kind.OBJECT_FIELD) path.push(node.name.value);
      else if (typeof key === "number" && path.length > 0 && Array.isArray(parent)) path.push(key);
      if (isWanted(node)) found = [...path];
      return undefined;
    },
    leave(node, key, parent) {
      const isStep = node.kind === Kind.ARGUMENT || node.kind === Kind.OBJECT_FIELD;
      if (isStep || (typeof key === "number" && path.length > 0 && Array.isArray(parent))) path.pop();
    },
  });
  return found;
}

function typeAt(type: GraphQLInputType, path: readonly (string | number)[]): GraphQLInputType | undefined {
  let current: GraphQLInputType | undefined = type;
  for (const step of path) {
    if (isNonNullType(current)) current = current.ofType as GraphQLInputType;
    if (isListType(current)) current = current.ofType as GraphQLInputType;
    else if (isInputObjectType(current)) current = current.getFields()[step]?.type;
  }
  return current;
}

function textFor(type: GraphQLInputType | null | undefined, invalid: unknown): LocalizedText {
  if (!type) return inputTexts.invalid;
  if (invalid === null || invalid === undefined) return inputTexts.required;
  const named = getNamedType(type);
  if (isEnumType(named)) return valueTexts.oneOf(named.getValues().map((value) => value.name));
  return valueTexts.byType[named.name] ?? inputTexts.invalid;
}
