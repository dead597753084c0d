import { ApolloArmor } from "@escape.tech/graphql-armor";
import type { DocumentNode, GraphQLSchema, OperationDefinitionNode } from "graphql";
import { getNamedType } from "graphql";
import { type ComplexityEstimatorArgs, getComplexity } from "graphql-query-complexity/cjs"; // its ES module brings a second copy of `graphql` along
import { LatelyUsed } from "../../lately-used.ts";
import { overLimit } from "../errors/errors.ts";
import { limitTexts } from "./limit-texts.ts";

export const maxBodyBytes = 256 * 1024;
const maxTokens = 4_000;
const maxDepth = 12;
const maxAliases = 30;
/** Twice the cost of the largest operation of `schema/operations`, as a test says. */
export const maxCost = 6_402;

/** The limits on a document that need no values of variables: tokens, depth and aliases. */
export function documentLimits() {
  const armor = new ApolloArmor({
    maxDepth: { n: maxDepth, flattenFragments: true },
    maxAliases: { n: maxAliases },
    costLimit: { enabled: false },
    maxTokens: { enabled: false },
    blockFieldSuggestion: { enabled: false },
  });
  return { validationRules: armor.protect().validationRules, parseOptions: { maxTokens } };
}

/**
 * What an operation costs is estimated once for the same document and the same values.
 * @throws BAD_USER_INPUT when the operation asks for more than the budget
 */
export function requireAffordable(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variables: Record<string, unknown>,
): void {
  const costs = knownCosts.get(operation) ?? new LatelyUsed<string, number>(maxKnownCosts);
  knownCosts.set(operation, costs);
  const values = decisiveValues(operation, variables);
  const cost = costs.get(values) ?? costOf(schema, document, variables, operation.name?.value);
  costs.set(values, cost);
  if (cost > maxCost) throw overLimit(limitTexts.cost);
}

const knownCosts = new WeakMap<OperationDefinitionNode, LatelyUsed<string, number>>();
const maxKnownCosts = 20;

/** Only `first`, `@include` and `@skip` count, and their values are numbers, booleans and null. */
function decisiveValues(
  { variableDefinitions = [] }: OperationDefinitionNode,
  variables: Record<string, unknown>,
): string {
  const values = variableDefinitions.map((definition) => variables[definition.variable.name.value]);
  return values.map((value) => (isDecisive(value) ? String(value) : "")).join();
}

function isDecisive(value: unknown): boolean {
  return value === null || (typeof value !== "object" && typeof value !== "string");
}

/** A field costs 1 and what is below it; a list costs as much for each of the `first` items that it may have. */
export function costOf(
  schema: GraphQLSchema,
  query: DocumentNode,
  variables: Record<string, unknown>,
  operationName?: string,
): number {
  return getComplexity({ schema, query, variables, operationName, estimators: [estimate] });
}

function estimate({ field, args, childComplexity }: ComplexityEstimatorArgs): number {
  const isList = getNamedType(field.type).name.endsWith("Connection");
  const first = typeof args.first === "number" ? args.first : 20;
  return 1 + (isList ? Math.min(Math.max(first, 1), 100) : 1) * childComplexity;
}
