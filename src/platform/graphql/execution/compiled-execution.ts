import { type ExecutionArgs, type ExecutionResult, GraphQLError } from "graphql";
import { buildExecutionContext, type ExecutionContext } from "graphql/execution/execute.js";
import { isPromise } from "graphql/jsutils/isPromise.js";
import { executeFields, executeFieldsSerially } from "./execute-fields.ts";
import type { FieldsOf } from "./planned-field.ts";
import { Plans } from "./plans.ts";

/** Fields without a resolver are properties and methods of their objects. */
type Args = Omit<ExecutionArgs, "fieldResolver" | "subscribeFieldResolver">;

/**
 * Gives a function that executes operations as `execute` of graphql-js does ("Executing Requests", 6.1), with the same
 * answers, errors and calls of resolvers, to the tick. What a document selects is worked out once and not for each object
 * that is met, and a field that is a plain property costs neither `info` nor path. No code is made of what clients send.
 * The schema may not be changed once operations were executed on it.
 */
export function compiledExecution(): (args: Args) => Promise<ExecutionResult> | ExecutionResult {
  const plans = new Plans();
  return (args) => {
    const run = buildExecutionContext(args);
    if (!("schema" in run)) return { errors: run };
    const plan = plans.planOf(run, args.document);
    try {
      const data = executeOperation(plan, run);
      if (!isPromise(data)) return responseOf(run, data);
      return data.then(
        (settled) => responseOf(run, settled),
        (error) => failedResponse(run, error),
      );
    } catch (error) {
      return failedResponse(run, error);
    }
  };
}

/** "Executing Operations" (6.2). */
function executeOperation(fieldsOf: FieldsOf, run: ExecutionContext): unknown {
  const { schema, operation, rootValue } = run;
  const rootType = schema.getRootType(operation.operation);
  if (!rootType) {
    const message = `Schema is not configured to execute ${operation.operation} operation.`;
    throw new GraphQLError(message, { nodes: operation });
  }
  const fields = fieldsOf(run, rootType);
  if (operation.operation === "mutation") return executeFieldsSerially(fields, run, rootValue);
  return executeFields(fields, run, rootValue, undefined);
}

function failedResponse(run: ExecutionContext, error: unknown): ExecutionResult {
  run.collectedErrors.add(error as GraphQLError, undefined);
  return responseOf(run, null);
}

function responseOf({ collectedErrors: { errors } }: ExecutionContext, data: unknown): ExecutionResult {
  return errors.length === 0
    ? { data: data as ExecutionResult["data"] }
    : { errors, data: data as ExecutionResult["data"] };
}
