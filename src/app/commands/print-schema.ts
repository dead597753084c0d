import { lexicographicSortSchema, printSchema } from "graphql";
import { createSchema } from "../schema.ts";

/** The graph in its definition language, in the order of the alphabet: what `schema/schema.graphql` holds. */
export function printedSchema(): string {
  return `${printSchema(lexicographicSortSchema(createSchema()))}\n`;
}
