import type { FieldNode, GraphQLField, GraphQLObjectType, ResponsePath } from "graphql";
import type { ExecutionContext } from "graphql/execution/execute.js";

/** What the document and the schema say of one field of a response. */
export interface PlannedField {
  readonly responseKey: string;
  readonly parentType: GraphQLObjectType;
  readonly definition: GraphQLField<unknown, unknown>;
  /** All places of the document that select it. */
  readonly nodes: readonly FieldNode[];
  /** What is selected below it. */
  readonly fieldsOf: FieldsOf;
}

/**
 * The fields that are selected of an object of this type, in the order of the response.
 * @throws when a condition has no value
 */
export type FieldsOf = (run: ExecutionContext, type: GraphQLObjectType) => readonly CompiledField[];

export interface CompiledField {
  readonly responseKey: string;
  /**
   * "ExecuteField" (6.4): the field's value in the response, or a promise of it.
   * @param parentPath of the object, which is `source`
   * @throws when it failed and may not be null
   */
  readonly execute: (run: ExecutionContext, source: unknown, parentPath: ResponsePath | undefined) => unknown;
}
