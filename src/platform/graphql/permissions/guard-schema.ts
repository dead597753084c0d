import {
  defaultFieldResolver,
  type GraphQLField,
  type GraphQLFieldResolver,
  type GraphQLObjectType,
  type GraphQLSchema,
  isNonNullType,
  isObjectType,
} from "graphql";
import type { StaffRole } from "../../auth/staff-role.ts";
import { isStaff } from "../../auth/staff-role.ts";
import { forbidden, unauthenticated } from "../errors/errors.ts";
import type { Context } from "../server/context.ts";
import type { Permission, Permissions } from "./field-permission.ts";

type Field = GraphQLField<unknown, Context>;
type Resolve = GraphQLFieldResolver<unknown, Context>;

/**
 * Lets each field of the schema do its work only for who may use it. What is for anyone stays as it is.
 * @throws naming each field without a permission: the graph is closed to what nobody thought of.
 */
export function guardSchema(schema: GraphQLSchema, permissions: Permissions): void {
  const faults: string[] = [];
  for (const { type, field } of fieldsOf(schema)) {
    const name = `${type.name}.${field.name}`;
    const permission = permissions[type.name]?.[field.name];
    if (!permission) faults.push(`${name} has no permission.`);
    else if (permission.kind === "shownTo" && isNonNullType(field.type)) faults.push(`${name} cannot be null.`);
    else guard(field, name, permission);
  }
  if (faults.length > 0) throw new Error(`The table of permissions does not fit the graph.\n${faults.join("\n")}`);
}

/** Every field of every object type, those of introspection aside. */
export function fieldsOf(schema: GraphQLSchema): { type: GraphQLObjectType; field: Field }[] {
  const types = Object.values(schema.getTypeMap()).filter((type) => !type.name.startsWith("__"));
  return types.filter(isObjectType).flatMap((type) => {
    return Object.values(type.getFields()).map((field) => ({ type, field }));
  });
}

/** The permission of a field of a guarded schema. */
export function permissionOf(field: Pick<GraphQLField<unknown, unknown>, "extensions">): Permission | undefined {
  return field.extensions.permission as Permission | undefined;
}

function guard(field: Field, name: string, permission: Permission): void {
  field.extensions = { ...field.extensions, permission };
  const resolve: Resolve = field.resolve ?? defaultFieldResolver;
  switch (permission.kind) {
    case "anyone":
      return;
    case "loggedIn":
    case "entitledOrStaff":
      field.resolve = (source, args, context, info) => {
        if (!context.viewer) throw unauthenticated();
        return resolve(source, args, context, info);
      };
      return;
    case "staff":
      field.resolve = (source, args, context, info) => {
        admit(context, permission.role, name);
        return resolve(source, args, context, info);
      };
      return;
    case "shownTo":
      field.resolve = (source, args, context, info) => {
        const shown = permission.isShown(context, source);
        if (shown === false) return null;
        if (shown === true) return resolve(source, args, context, info);
        return shown.then((isShown) => (isShown ? resolve(source, args, context, info) : null));
      };
  }
}

/** Whoever tries what only staff may leaves a line in the log. */
function admit(context: Context, neededRole: StaffRole, field: string): void {
  if (isStaff(context.viewer, neededRole)) return;
  context.log.warn({ viewerId: context.viewer?.id ?? null, field, neededRole }, "a staff field was refused");
  throw context.viewer ? forbidden() : unauthenticated();
}
