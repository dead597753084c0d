import {
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  isObjectType,
  isRequiredArgument,
  isUnionType,
} from "graphql";

/** A field, and the type that it is asked of. */
interface Step {
  type: GraphQLNamedType;
  field: GraphQLField<unknown, unknown>;
}

/** The steps from a root of the graph to a user. */
export type Path = readonly Step[];

/** How deep a document may ask. */
const maxDepth = 12;

/** Every path to a user, also by way of other users, on which no field of the schema comes twice. */
export function pathsToUsers(schema: GraphQLSchema): Path[] {
  return [schema.getQueryType(), schema.getMutationType()].flatMap((root) => (root ? pathsBelow(root, []) : []));
}

function pathsBelow(type: GraphQLNamedType, above: Path): Path[] {
  if (isUnionType(type)) return type.getTypes().flatMap((member) => pathsBelow(member, above));
  if (!isObjectType(type)) return [];
  const unused = Object.values(type.getFields()).filter((field) => above.every((step) => step.field !== field));
  return unused.flatMap((field) => {
    const path = [...above, { type, field }];
    const target = getNamedType(field.type);
    return [...(target.name === "User" ? [path] : []), ...pathsBelow(target, path)];
  });
}

export function nameOf(path: Path): string {
  return path.map(({ type, field }) => `${type.name}.${field.name}`).join(" > ");
}

/** What to ask below the root, so that every path of one root field shows its users. */
export function selectionOf(paths: readonly Path[], depth = 1): string {
  const isUser = paths.some((path) => path.length === depth);
  const onward = Map.groupBy(paths, (path) => path[depth]?.field);
  const below = [...onward].flatMap(([field, group]) => {
    const type = group[0]?.[depth]?.type;
    if (!field || !type) return [];
    return [`... on ${type.name} { ${field.name}${argumentsOf(field)} ${selectionOf(group, depth + 1)} }`];
  });
  return `{ __typename ${[...(isUser ? [personalFields(depth)] : []), ...below].join(" ")} }`;
}

/** What of a user is not for everyone. So far down that two levels more are too deep, nobody can ask for the rest. */
function personalFields(depth: number): string {
  const flat = "id email staffRole locale active";
  if (depth + 2 > maxDepth) return flat;
  return `${flat} participant { accepted } instructor { careerYears } enrollments(first: 3) { totalCount }`;
}

/** Pages are short; the rest is left to its defaults. */
function argumentsOf(field: GraphQLField<unknown, unknown>): string {
  const required = field.args.filter(isRequiredArgument);
  if (required.length > 0) throw new Error(`Say here what ${field.name} is called with.`);
  return field.args.some(({ name }) => name === "first") ? "(first: 3)" : "";
}

/** The objects at the end of a path, in the data that was answered. */
export function objectsAt(data: object, path: Path): Record<string, unknown>[] {
  return path.reduce<Record<string, unknown>[]>(
    (objects, { type, field }) =>
      objects
        .filter((object) => object.__typename === type.name)
        .flatMap((object) => [object[field.name]].flat().filter((one) => one !== null && one !== undefined)) as never,
    [data as Record<string, unknown>],
  );
}
