import { expect } from "@jest/globals";
import { type ExecutionArgs, type ExecutionResult, execute } from "graphql";
import { isPromise } from "graphql/jsutils/isPromise.js";
import { compiledExecution } from "../../../../src/platform/graphql/execution/compiled-execution.ts";
import type { Call } from "./everything.ts";

const executeCompiled = compiledExecution();

/** What can be seen of one execution. */
interface Outcome {
  readonly result: ExecutionResult;
  /** The result as the client gets it, with the order of its keys. */
  readonly text: string;
  readonly errors: object[];
  readonly isLate: boolean;
  readonly calls: readonly object[];
}

/**
 * Executes an operation by graphql-js and compiled, and expects both to be the same in every respect.
 * @param makeArgs makes the same anew for each of them, with this context
 */
export async function expectSame(
  makeArgs: (contextValue: { calls: Call[] }) => Omit<ExecutionArgs, "contextValue">,
): Promise<ExecutionResult> {
  const expected = await outcomeOf(execute, makeArgs);
  const actual = await outcomeOf(executeCompiled, makeArgs);
  expect(actual.text).toBe(expected.text);
  expect(actual).toEqual(expected);
  expectNoPrototypes(actual.result.data, expected.result.data);
  return actual.result;
}

async function outcomeOf(executeBy: typeof execute, makeArgs: Parameters<typeof expectSame>[0]): Promise<Outcome> {
  const calls: Call[] = [];
  const args = { ...makeArgs({ calls }), contextValue: { calls } };
  const answer = executeBy(args);
  const result = await answer;
  return {
    result,
    text: JSON.stringify(result),
    errors: (result.errors ?? []).map((error) => ({
      ...error,
      ...error.toJSON(),
      originalError: error.originalError,
      nodes: error.nodes,
    })),
    isLate: isPromise(answer),
    // The root is an object of each execution's own.
    calls: calls.map(({ info, ...call }) => ({
      ...call,
      info: { ...info, rootValue: info.rootValue === args.rootValue },
    })),
  };
}

/** Objects that the executor makes have no prototype; those that a scalar gives are as they are. */
function expectNoPrototypes(actual: unknown, expected: unknown): void {
  if (typeof expected !== "object" || expected === null) return;
  if (Object.getPrototypeOf(expected) === null) expect(Object.getPrototypeOf(actual)).toBeNull();
  for (const [key, value] of Object.entries(expected))
    expectNoPrototypes((actual as Record<string, unknown>)[key], value);
}
