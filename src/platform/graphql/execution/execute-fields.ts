import type { ResponsePath } from "graphql";
import type { ExecutionContext } from "graphql/execution/execute.js";
import { isPromise } from "graphql/jsutils/isPromise.js";
import { promiseReduce } from "graphql/jsutils/promiseReduce.js";
import type { CompiledField } from "./planned-field.ts";

type ResponseObject = Record<string, unknown>;

/** "ExecuteSelectionSet" (6.3) of an object: its part of the response, or a promise of it. */
export function executeFields(
  fields: readonly CompiledField[],
  run: ExecutionContext,
  source: unknown,
  path: ResponsePath | undefined,
): unknown {
  const response = emptyObject();
  const pending: string[] = [];
  try {
    for (const { responseKey, execute } of fields) {
      const value = execute(run, source, path);
      response[responseKey] = value;
      if (isPromise(value)) pending.push(responseKey);
    }
  } catch (error) {
    if (pending.length === 0) throw error;
    // The others may fail too, and be heard, before this error goes on.
    return settled(response, pending).finally(() => {
      throw error;
    });
  }
  return pending.length === 0 ? response : settled(response, pending);
}

/** "Mutation" (6.2.2): every field begins when the one before it is complete. */
export function executeFieldsSerially(
  fields: readonly CompiledField[],
  run: ExecutionContext,
  source: unknown,
): unknown {
  const executeNext = (response: ResponseObject, { responseKey, execute }: CompiledField) => {
    const value = execute(run, source, undefined);
    if (!isPromise(value)) return Object.assign(response, { [responseKey]: value });
    return value.then((completed) => Object.assign(response, { [responseKey]: completed }));
  };
  return promiseReduce(fields, executeNext, emptyObject());
}

async function settled(response: ResponseObject, pending: readonly string[]): Promise<ResponseObject> {
  const values = await Promise.all(pending.map((key) => response[key]));
  for (const [index, key] of pending.entries()) response[key] = values[index];
  return response;
}

/** Without a prototype, as every name may stand in a response. `Object.create(null)` would make objects that are slow. */
function emptyObject(): ResponseObject {
  return Object.setPrototypeOf({}, null);
}
