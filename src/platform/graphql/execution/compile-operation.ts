import {
  type FieldNode,
  type GraphQLFieldResolver,
  type GraphQLObjectType,
  getArgumentValues,
  getNamedType,
  isLeafType,
  type OperationDefinitionNode,
  type ResponsePath,
} from "graphql";
import { collectFields, collectSubfields } from "graphql/execution/collectFields.js";
import { buildResolveInfo, type ExecutionContext, getFieldDef } from "graphql/execution/execute.js";
import { isPromise } from "graphql/jsutils/isPromise.js";
import { addPath } from "graphql/jsutils/Path.js";
import { completeLeaf, completeOrFail, fail } from "./complete-value.ts";
import type { CompiledField, FieldsOf, PlannedField } from "./planned-field.ts";

/** How many compiled fields may yet be remembered. */
export interface Memory {
  room: number;
}

/**
 * The plan of an operation: the fields of its root, and below them those of every object that is ever met. It is good
 * for runs with the same conditions (`@skip` and `@include`). Fields are compiled when they are first needed.
 */
export function compileOperation({ selectionSet }: OperationDefinitionNode, memory: Memory): FieldsOf {
  return rememberFields(memory, ({ schema, fragments, variableValues }, type) =>
    collectFields(schema, fragments, variableValues, type, selectionSet),
  );
}

/** "CollectFields" (6.3.2): gives the places that select each response key. */
type Collect = (run: ExecutionContext, type: GraphQLObjectType) => Map<string, readonly FieldNode[]>;

/** What a run cannot work out, for want of a condition's value, is not remembered. */
function rememberFields(memory: Memory, collect: Collect): FieldsOf {
  const known = new Map<GraphQLObjectType, readonly CompiledField[]>();
  return (run, type) => {
    const remembered = known.get(type);
    if (remembered) return remembered;
    const fields = [...collect(run, type)].flatMap(([key, nodes]) => compileField(memory, run, type, key, nodes) ?? []);
    memory.room -= fields.length;
    if (memory.room >= 0) known.set(type, fields);
    return fields;
  };
}

const nothingBelow: FieldsOf = () => [];

function fieldsBelow(memory: Memory, nodes: readonly FieldNode[]): FieldsOf {
  return rememberFields(memory, ({ schema, fragments, variableValues }, type) =>
    collectSubfields(schema, fragments, variableValues, type, nodes),
  );
}

/** Null when the type has no such field. */
function compileField(
  memory: Memory,
  { schema }: ExecutionContext,
  parentType: GraphQLObjectType,
  responseKey: string,
  nodes: readonly FieldNode[],
): CompiledField | null {
  const definition = getFieldDef(schema, parentType, nodes[0] as FieldNode);
  if (!definition) return null;
  const fieldsOf = isLeafType(getNamedType(definition.type)) ? nothingBelow : fieldsBelow(memory, nodes);
  const field = { responseKey, parentType, definition, nodes, fieldsOf };
  const resolve = executeWithResolver(field);
  return {
    responseKey,
    execute:
      executeProperty(field, resolve) ??
      ((run, source, parentPath) => resolve(definition.resolve ?? run.fieldResolver, run, source, parentPath)),
  };
}

type ExecuteWithResolver = (
  resolve: GraphQLFieldResolver<unknown, unknown>,
  run: ExecutionContext,
  source: unknown,
  parentPath: ResponsePath | undefined,
) => unknown;

/** "ExecuteField" (6.4) with any resolver ("ResolveFieldValue", 6.4.2). */
function executeWithResolver(field: PlannedField): ExecuteWithResolver {
  const { responseKey, parentType, definition, nodes } = field;
  const hasArguments = definition.args.length > 0;
  const complete = completeOrFail(field, definition.type);
  return (resolve, run, source, parentPath) => {
    const path = addPath(parentPath, responseKey, parentType.name);
    const info = buildResolveInfo(run, definition, nodes, parentType, path);
    let value: unknown;
    try {
      const args = hasArguments ? getArgumentValues(definition, nodes[0] as FieldNode, run.variableValues) : {};
      value = resolve(source, args, run.contextValue, info);
    } catch (error) {
      return fail(error, field, definition.type, run, path);
    }
    return complete(value, run, info, path);
  };
}

/**
 * Most fields are scalars or enums that are a property of the object. Reading it is all there is to do, unless the
 * property is a method or a promise. Null for any other field.
 */
function executeProperty(field: PlannedField, executeResolver: ExecuteWithResolver): CompiledField["execute"] | null {
  const { responseKey, parentType, definition } = field;
  const { name, type } = definition;
  const complete = completeLeaf(field, type);
  if (!complete || definition.resolve || definition.args.length > 0) return null;
  return (run, source, parentPath) => {
    let value: unknown;
    try {
      value = propertyOf(source, name);
      if (typeof value !== "function" && !isPromise(value)) return complete(value);
    } catch (error) {
      return fail(error, field, type, run, addPath(parentPath, responseKey, parentType.name));
    }
    const resolve = typeof value === "function" ? callMethod : () => value;
    return executeResolver(resolve, run, source, parentPath);
  };
}

function propertyOf(source: unknown, name: string): unknown {
  const hasProperties = (typeof source === "object" && source !== null) || typeof source === "function";
  return hasProperties ? (source as Record<string, unknown>)[name] : undefined;
}

/** Reads the property once more, as graphql-js does. */
const callMethod: GraphQLFieldResolver<unknown, unknown> = (source, args, context, info) =>
  (source as Record<string, (...given: unknown[]) => unknown>)[info.fieldName]?.(args, context, info);
