import {
  type GraphQLAbstractType,
  GraphQLError,
  type GraphQLLeafType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLResolveInfo,
  getNullableType,
  isAbstractType,
  isLeafType,
  isListType,
  isNonNullType,
  locatedError,
  type ResponsePath,
  responsePathAsArray,
} from "graphql";
import type { ExecutionContext } from "graphql/execution/execute.js";
import { inspect } from "graphql/jsutils/inspect.js";
import { isIterableObject } from "graphql/jsutils/isIterableObject.js";
import { isPromise } from "graphql/jsutils/isPromise.js";
import { addPath } from "graphql/jsutils/Path.js";
import { executeFields } from "./execute-fields.ts";
import type { PlannedField } from "./planned-field.ts";
import { runtimeTypeOf } from "./runtime-type.ts";

/** Makes of a value what stands for it in the response, or a promise of that. */
export type Complete = (value: unknown, run: ExecutionContext, info: GraphQLResolveInfo, path: ResponsePath) => unknown;

/** Completes what a field, or one item of its lists, was resolved to, be it a promise; see `fail` for what fails. */
export function completeOrFail(field: PlannedField, type: GraphQLOutputType): Complete {
  const complete = completeValue(field, type);
  return (value, run, info, path) => {
    try {
      const completed = isPromise(value)
        ? value.then((resolved) => complete(resolved, run, info, path))
        : complete(value, run, info, path);
      if (!isPromise(completed)) return completed;
      return completed.then(undefined, (error) => fail(error, field, type, run, path));
    } catch (error) {
      return fail(error, field, type, run, path);
    }
  };
}

/**
 * "Handling Field Errors" (6.4.4): the error is kept and the value is null.
 * @throws the error, for the value around this one, when it may not be null
 */
export function fail(
  error: unknown,
  field: PlannedField,
  type: GraphQLOutputType,
  run: ExecutionContext,
  path: ResponsePath,
): null {
  const located = locatedError(error, field.nodes, responsePathAsArray(path));
  if (isNonNullType(type)) throw located;
  run.collectedErrors.add(located, path);
  return null;
}

/** "Value Completion" (6.4.3) for scalars and enums, which takes nothing but the value. Null for any other type. */
export function completeLeaf(field: PlannedField, type: GraphQLOutputType): ((value: unknown) => unknown) | null {
  const leafType = getNullableType(type);
  if (!isLeafType(leafType)) return null;
  const isRequired = isNonNullType(type);
  return (value) => {
    if (value instanceof Error) throw value;
    if (value !== null && value !== undefined) return serialize(leafType, value);
    if (isRequired) throw nullError(field);
    return null;
  };
}

function serialize(type: GraphQLLeafType, value: unknown): unknown {
  const serialized = type.serialize(value);
  if (serialized !== null && serialized !== undefined) return serialized;
  throw new Error(
    `Expected \`${inspect(type)}.serialize(${inspect(value)})\` to return non-nullable value, returned: ${inspect(serialized)}`,
  );
}

/** "Value Completion" (6.4.3). */
function completeValue(field: PlannedField, type: GraphQLOutputType): Complete {
  const leaf = completeLeaf(field, type);
  if (leaf) return leaf;
  if (isNonNullType(type)) return completeNonNull(field, completeValue(field, type.ofType));
  const complete = completeComposite(field, type);
  return (value, run, info, path) => {
    if (value instanceof Error) throw value;
    return value === null || value === undefined ? null : complete(value, run, info, path);
  };
}

function completeNonNull(field: PlannedField, complete: Complete): Complete {
  return (value, run, info, path) => {
    const completed = complete(value, run, info, path);
    if (completed === null) throw nullError(field);
    return completed;
  };
}

function nullError({ parentType, definition }: PlannedField): Error {
  return new Error(`Cannot return null for non-nullable field ${parentType.name}.${definition.name}.`);
}

function completeComposite(field: PlannedField, type: GraphQLOutputType): Complete {
  if (isListType(type)) return completeList(field, type.ofType);
  if (isAbstractType(type)) return completeAbstract(field, type);
  return (value, run, info, path) => completeObject(field, type as GraphQLObjectType, value, run, info, path);
}

function completeList(field: PlannedField, itemType: GraphQLOutputType): Complete {
  const completeItem = completeOrFail(field, itemType);
  return (list, run, info, path) => {
    if (!isIterableObject(list)) {
      const name = `${field.parentType.name}.${field.definition.name}`;
      throw new GraphQLError(`Expected Iterable, but did not find one for field "${name}".`);
    }
    const items: unknown[] = [];
    let isPending = false;
    try {
      for (const item of list) {
        const completed = completeItem(item, run, info, addPath(path, items.length, undefined));
        items.push(completed);
        if (isPromise(completed)) isPending = true;
      }
    } catch (error) {
      // Nobody waits for the other items now: a rejection that nobody handles would end the process.
      if (isPending) void Promise.allSettled(items);
      throw error;
    }
    return isPending ? Promise.all(items) : items;
  };
}

/** "ResolveAbstractType" (6.4.3), by the type's own rule or by `__typename` and the rules of its possible types. */
function completeAbstract(field: PlannedField, type: GraphQLAbstractType): Complete {
  const complete = (name: unknown, ...[value, run, info, path]: Parameters<Complete>) =>
    completeObject(field, runtimeTypeOf(name, type, field, run, value), value, run, info, path);
  return (value, run, info, path) => {
    const resolveType = type.resolveType ?? run.typeResolver;
    const name = resolveType(value, run.contextValue, info, type);
    if (!isPromise(name)) return complete(name, value, run, info, path);
    return name.then((resolved) => complete(resolved, value, run, info, path));
  };
}

function completeObject(
  field: PlannedField,
  type: GraphQLObjectType,
  value: unknown,
  run: ExecutionContext,
  info: GraphQLResolveInfo,
  path: ResponsePath,
): unknown {
  const fields = field.fieldsOf(run, type);
  if (!type.isTypeOf) return executeFields(fields, run, value, path);
  const execute = (isOfType: boolean) => {
    if (isOfType) return executeFields(fields, run, value, path);
    throw new GraphQLError(`Expected value of type "${type.name}" but got: ${inspect(value)}.`, { nodes: field.nodes });
  };
  const isOfType = type.isTypeOf(value, run.contextValue, info);
  return isPromise(isOfType) ? isOfType.then(execute) : execute(isOfType);
}
