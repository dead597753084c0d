/** The scalars of the graph, each under the name that it has there. */
export {
  GraphQLDateTime as DateTime,
  GraphQLEmailAddress as EmailAddress,
  GraphQLLocalDate as LocalDate,
  GraphQLLocalTime as LocalTime,
  GraphQLNonNegativeInt as NonNegativeInt,
  GraphQLPositiveInt as PositiveInt,
} from "graphql-scalars";
