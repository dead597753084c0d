import { describe, expect, test } from "@jest/globals";
import { type GraphQLNamedType, isEnumType, isInputObjectType, isInterfaceType, isObjectType } from "graphql";
import { createSchema } from "../../src/app/schema.ts";

interface Described {
  name: string;
  description: string | null | undefined;
}

describe("the descriptions of the graph", () => {
  const types = Object.values(createSchema().getTypeMap()).filter((type) => !type.name.startsWith("__"));
  const described = types.flatMap(everythingIn);

  test("are there for every type, field, argument, input field and enum value", () => {
    const silent = described.filter(({ description }) => !description?.trim()).map(({ name }) => name);
    expect(silent).toEqual([]);
  });

  test("are sentences, and say more than the name", () => {
    const poor = described.filter(({ name, description = "" }) => {
      const words = description?.trim() ?? "";
      return !words.endsWith(".") || words.length < 7 || words.slice(0, -1).toLowerCase() === name.toLowerCase();
    });
    expect(poor).toEqual([]);
  });

  test("speak of the graph, not of what is behind it", () => {
    const inside = /\b(SQL|PostgreSQL|table|column|row|ORM|resolver|DataLoader|foreign key|trigger)\b/i;
    expect(described.filter(({ description }) => inside.test(description ?? ""))).toEqual([]);
  });
});

function everythingIn(type: GraphQLNamedType): Described[] {
  return [{ name: type.name, description: type.description }, ...membersOf(type)];
}

function membersOf(type: GraphQLNamedType): Described[] {
  if (isEnumType(type)) return type.getValues().map((value) => described(type, value));
  if (isInputObjectType(type)) return Object.values(type.getFields()).map((field) => described(type, field));
  if (!isObjectType(type) && !isInterfaceType(type)) return [];
  return Object.values(type.getFields()).flatMap((field) => [
    described(type, field),
    ...field.args.map((arg) => ({ name: `${type.name}.${field.name}(${arg.name})`, description: arg.description })),
  ]);
}

function described(type: GraphQLNamedType, member: Described): Described {
  return { name: `${type.name}.${member.name}`, description: member.description };
}
