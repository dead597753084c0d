import { describe, expect, test } from "@jest/globals";
import { buildSchema } from "graphql";
import {
  anyone,
  loggedIn,
  type Permission,
  shownTo,
} from "../../../../src/platform/graphql/permissions/field-permission.ts";
import { guardSchema } from "../../../../src/platform/graphql/permissions/guard-schema.ts";

const nobody = shownTo(() => false);

function guard(sdl: string, permissions: Record<string, Record<string, Permission>>) {
  const schema = buildSchema(sdl);
  guardSchema(schema, permissions);
  return schema;
}

describe("a guarded schema", () => {
  test("cannot be made while a field has no permission, and every such field is named", () => {
    const sdl = "type Query { one: Person two: Int } type Person { name: String }";
    expect(() => guard(sdl, { Query: { one: anyone } })).toThrow(
      "The table of permissions does not fit the graph.\nQuery.two has no permission.\nPerson.name has no permission.",
    );
  });

  test("cannot be made when a field that some get null for is never null", () => {
    expect(() => guard("type Query { one: Int! }", { Query: { one: nobody } })).toThrow("Query.one cannot be null.");
  });

  test("costs nothing on a field for anyone", () => {
    const fields = guard("type Query { one: Int two: Int }", { Query: { one: anyone, two: loggedIn } })
      .getQueryType()
      ?.getFields();
    expect(fields?.one?.resolve).toBeUndefined();
    expect(fields?.two?.resolve).toBeDefined();
  });
});
