import type { GraphQLResolveInfo, GraphQLUnionType } from "graphql";
import {
  buildSchema,
  type GraphQLEnumType,
  type GraphQLObjectType,
  type GraphQLScalarType,
  isObjectType,
} from "graphql";

/** What the resolvers of one execution were called with, in order. */
export interface Call {
  readonly what: string;
  readonly args: unknown;
  readonly info: GraphQLResolveInfo;
}

/** The context of executions on this schema. */
export interface Recorder {
  readonly calls: Call[];
}

const fields = `
  id: ID!
  int: Int
  sureInt: Int!
  float: Float
  text: String
  sureText: String!
  flag: Boolean
  color: Color
  sureColor: Color!
  any: Any
  ints: [Int]
  sureInts: [Int!]!
  matrix: [[Int!]]!
  colors: [Color!]
  alpha: Alpha
  sureAlpha: Alpha!
  alphas: [Alpha]
  sureAlphas: [Alpha!]!
  grid: [[Alpha!]!]
  beta: Beta
  named: Named
  sureNamed: Named!
  nameds: [Named!]
  either: Either
  eithers: [Either]!
  shape: Shape
  shapes: [Shape!]!
  resolvedInt: Int
  resolvedText: String!
  resolvedAlpha: Alpha
  resolvedAlphas: [Alpha!]
  echo(int: Int = 3, text: String, color: Color = RED, ints: [Int!], point: Point, points: [Point!] = [{ x: 1 }]): String
  resolvedEcho(int: Int!, color: Color, point: Point = { x: 7 }, any: Any): String
`;

const sdl = `
  scalar Any
  enum Color { RED GREEN BLUE }
  input Point { x: Int! y: Int = 2 next: Point }
  interface Named { id: ID! text: String sureText: String! alpha: Alpha named: Named }
  interface Shape { id: ID! sureInt: Int! text: String shapes: [Shape!]! }
  union Either = Alpha | Beta
  type Alpha implements Named { ${fields} }
  type Beta implements Named { ${fields} }
  type Circle implements Shape { ${fields} }
  type Square implements Shape { ${fields} }
  type Query { ${fields} }
  type Mutation { ${fields} }
`;

/** A schema of every kind of type in every position, with fields that have resolvers and fields that have none. */
export const everything = buildSchema(sdl);

/** What an enum's value is inside: green is an object, and blue its own name. */
export const colors = { RED: 1, GREEN: { green: true }, BLUE: "BLUE" };

for (const value of (everything.getType("Color") as GraphQLEnumType).getValues()) {
  value.value = colors[value.name as keyof typeof colors];
}

(everything.getType("Any") as GraphQLScalarType).serialize = (value) => {
  if (value === "fault") throw new TypeError("Any cannot be a fault.");
  return value === "nothing" ? undefined : value;
};

/** The type of an Either is told by a rule of its own, that of a Named by `__typename`, that of a Shape by `isTypeOf`. */
(everything.getType("Either") as GraphQLUnionType).resolveType = (value, { calls }: Recorder, info) => {
  calls.push({ what: "resolveType", args: null, info });
  return value.runtimeType;
};

for (const type of Object.values(everything.getTypeMap()).filter(isObjectType)) {
  if (type.name === "Circle" || type.name === "Square") addIsTypeOf(type);
  const resolved = Object.values(type.getFields()).filter(({ name }) => name.startsWith("resolved"));
  for (const field of resolved) {
    field.resolve = (source, args, context: Recorder, info) => {
      context.calls.push({ what: "resolve", args, info });
      const property = (source as Record<string, unknown>)[field.name];
      return typeof property === "function" ? property.call(source, args, context, info) : property;
    };
  }
}

function addIsTypeOf(type: GraphQLObjectType): void {
  type.isTypeOf = (value, { calls }: Recorder, info) => {
    calls.push({ what: `isTypeOf ${type.name}`, args: null, info });
    return type.name === "Circle" ? value.isCircle() : value.isSquare();
  };
}
