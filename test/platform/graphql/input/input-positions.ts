import {
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLNamedInputType,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isCompositeType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isObjectType,
} from "graphql";
import { permissionOf } from "../../../../src/platform/graphql/permissions/guard-schema.ts";

/** Every place of the graph where a client puts a value: an argument, or a field of an input object below it. */
export interface InputPosition {
  /** Such as `signUp.input.email`. */
  name: string;
  /** As in `extensions.fields` of an error. */
  path: string[];
  type: GraphQLNamedInputType;
  /** Whether several of the type stand there. */
  isList: boolean;
  /** Whether only staff get as far as the value. */
  isForStaff: boolean;
  /** Whether the field is null for anonymous, whatever its arguments are. */
  isHidden: boolean;
  /** The operation with the value in a variable that holds the whole argument. */
  asVariable(value: unknown): { query: string; variables: object };
  /** The operation with the value written into the document. */
  asLiteral(value: unknown): { query: string };
}

/** What fits where the type alone does not say it: ids of rows, and what a rule asks for beside a field. */
export interface FittingValues {
  userId: string;
  seminarId: string;
  beside: Readonly<Record<string, object>>;
}

export function inputPositions(schema: GraphQLSchema, fitting: FittingValues): InputPosition[] {
  const types = Object.values(schema.getTypeMap()).filter((type) => !type.name.startsWith("__"));
  return types.filter(isObjectType).flatMap((parent) =>
    Object.values(parent.getFields()).flatMap((field) =>
      field.args.flatMap((argument) => {
        const place: Place = { parent: parent.name, field, argument, fitting };
        return pathsIn(argument.type).map((inside) => position(place, inside));
      }),
    ),
  );
}

interface Place {
  parent: string;
  field: GraphQLField<unknown, unknown>;
  argument: GraphQLArgument;
  fitting: FittingValues;
}

interface Inside {
  path: string[];
  type: GraphQLNamedInputType;
  isList: boolean;
}

function position(place: Place, { path, type, isList }: Inside): InputPosition {
  const { parent, field, argument, fitting } = place;
  const whole = (value: unknown) => withValueAt(argument.type, path, value, fitting);
  const prefix = parent === "Query" || parent === "Mutation" ? "" : `${parent}.`;
  return {
    name: `${prefix}${[field.name, argument.name, ...path].join(".")}`,
    path: [argument.name, ...path],
    type,
    isList,
    isForStaff: permissionOf(field)?.kind === "staff",
    isHidden: permissionOf(field)?.kind === "shownTo",
    asVariable: (value) => ({
      query: operation(place, `($v: ${argument.type})`, "$v"),
      variables: { v: whole(value) },
    }),
    asLiteral: (value) => ({ query: operation(place, "", literal(whole(value), argument.type)) }),
  };
}

function operation({ parent, field, argument, fitting }: Place, declared: string, value: string): string {
  const others = field.args
    .filter((one) => one !== argument && isNonNullType(one.type) && one.defaultValue === undefined)
    .map((one) => `${one.name}: ${literal(fittingValue(one.type, fitting), one.type)}`);
  const below = isCompositeType(getNamedType(field.type)) ? " { __typename }" : "";
  const selection = `${field.name}(${[`${argument.name}: ${value}`, ...others].join(", ")})${below}`;
  switch (parent) {
    case "Mutation":
      return `mutation M${declared} { ${selection} }`;
    case "Query":
      return `query Q${declared} { ${selection} }`;
    case "User":
      return `query Q${declared} { user(id: "${fitting.userId}") { ${selection} } }`;
    case "Seminar":
      return `query Q${declared} { seminar(id: "${fitting.seminarId}") { ${selection} } }`;
    default:
      throw new Error(`Say here how a query reaches ${parent}.${field.name}.`);
  }
}

function pathsIn(type: GraphQLInputType): Inside[] {
  const named = getNamedType(type);
  const itself = { path: [], type: named, isList: isListType(getNullableType(type)) };
  if (!isInputObjectType(named)) return [itself];
  const below = Object.values(named.getFields()).flatMap((field) =>
    pathsIn(field.type).map((inner) => ({ ...inner, path: [field.name, ...inner.path] })),
  );
  return [itself, ...below];
}

/** A value of the type that fits, but for the one at the path. */
function withValueAt(type: GraphQLInputType, path: readonly string[], value: unknown, fitting: FittingValues): unknown {
  const [step, ...rest] = path;
  if (step === undefined) return value;
  const named = getNamedType(type);
  const field = isInputObjectType(named) && named.getFields()[step];
  if (!field) throw new Error(`${named.name} has no field ${step}.`);
  return { ...(fittingValue(named, fitting) as object), [step]: withValueAt(field.type, rest, value, fitting) };
}

let made = 0;

function fittingValue(type: GraphQLInputType, fitting: FittingValues): unknown {
  const named = getNamedType(type);
  if (isEnumType(named)) return named.getValues()[0]?.name;
  if (!isInputObjectType(named)) return fittingScalars(fitting)[named.name];
  const required = Object.values(named.getFields()).filter((field) => isNonNullType(field.type));
  const entries = required.map((field) => [field.name, field.defaultValue ?? fittingValue(field.type, fitting)]);
  return { ...Object.fromEntries(entries), ...fitting.beside[named.name] };
}

function fittingScalars({ seminarId }: FittingValues): Record<string, unknown> {
  const unique = `somebody-${process.pid}-${++made}`;
  return {
    String: unique,
    ID: seminarId,
    Int: 10,
    PositiveInt: 10,
    NonNegativeInt: 1,
    Boolean: true,
    LocalTime: "18:30",
    LocalDate: "2027-03-08",
    DateTime: "2027-03-08T12:00:00+09:00",
    EmailAddress: `${unique}@example.com`,
  };
}

/** The value as it is written in a document; where the type wants an enum, a word stands without quotes. */
function literal(value: unknown, type: GraphQLInputType | undefined): string {
  const named = type && getNamedType(type);
  if (Array.isArray(value)) return `[${value.map((item) => literal(item, type)).join(", ")}]`;
  if (typeof value === "string" && isEnumType(named) && /^\w+$/.test(value)) return value;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const fields = isInputObjectType(named) ? named.getFields() : {};
  return `{${Object.entries(value)
    .map(([name, inner]) => `${name}: ${literal(inner, fields[name]?.type)}`)
    .join(", ")}}`;
}
