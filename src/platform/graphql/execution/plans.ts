import { type DocumentNode, Kind, type OperationDefinitionNode, visit } from "graphql";
import type { ExecutionContext } from "graphql/execution/execute.js";
import { compileOperation, type Memory } from "./compile-operation.ts";
import type { FieldsOf } from "./planned-field.ts";

/** Several times what all operations of all clients have. A field takes about 1 kB. */
const maxFields = 20_000;

interface KnownOperation {
  /** The variables that decide what is selected. */
  readonly conditions: readonly string[];
  /** By the values of these variables. */
  readonly plans: Map<string, FieldsOf>;
}

/**
 * The compiled operations, each as long as its document is kept. When they have become too many all are forgotten, as
 * only somebody who tries how much a server can hold comes so far.
 */
export class Plans {
  #operations = new WeakMap<OperationDefinitionNode, KnownOperation>();
  #memory: Memory = { room: maxFields };

  planOf({ operation, variableValues }: ExecutionContext, document: DocumentNode): FieldsOf {
    if (this.#memory.room <= 0) this.#forget();
    const known = this.#operations.get(operation) ?? { conditions: conditionsOf(document), plans: new Map() };
    this.#operations.set(operation, known);
    const choice = known.conditions.map((variable) => String(variableValues[variable])).join();
    const plan = known.plans.get(choice) ?? this.#compile(operation);
    known.plans.set(choice, plan);
    return plan;
  }

  #compile(operation: OperationDefinitionNode): FieldsOf {
    this.#memory.room--;
    return compileOperation(operation, this.#memory);
  }

  #forget(): void {
    this.#operations = new WeakMap();
    this.#memory = { room: maxFields };
  }
}

function conditionsOf(document: DocumentNode): string[] {
  const variables = new Set<string>();
  visit(document, {
    Directive({ arguments: given = [] }) {
      for (const { value } of given) if (value.kind === Kind.VARIABLE) variables.add(value.name.value);
    },
  });
  return [...variables];
}
