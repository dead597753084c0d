import { GraphQLError, GraphQLScalarType } from "graphql";
import { GraphQLNonNegativeInt, GraphQLPositiveInt } from "graphql-scalars";

/** The scalars of the graph, each under the name that it has there. */
export {
  GraphQLDateTime as DateTime,
  GraphQLEmailAddress as EmailAddress,
  GraphQLJSON as Json,
  GraphQLLocalDate as LocalDate,
  GraphQLLocalTime as LocalTime,
} from "graphql-scalars";

export const PositiveInt = forWholeNumbers(GraphQLPositiveInt);
export const NonNegativeInt = forWholeNumbers(GraphQLNonNegativeInt);

/** The scalar without its leniency: as a variable it would take "12", [12] and 1.5, and read 1e21 as 1. */
function forWholeNumbers(scalar: GraphQLScalarType<number, number>): GraphQLScalarType<number, number> {
  return new GraphQLScalarType({
    ...scalar.toConfig(),
    parseValue(value) {
      if (!Number.isSafeInteger(value)) throw new GraphQLError("Must be a whole number.");
      return scalar.parseValue(value);
    },
    // Of a number out of range the original does not tell where in the document it stands.
    parseLiteral(literal, variables) {
      try {
        return scalar.parseLiteral(literal, variables);
      } catch (error) {
        throw new GraphQLError((error as Error).message, { nodes: literal });
      }
    },
  });
}
