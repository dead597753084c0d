import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import {
  astFromValue,
  type GraphQLField,
  type GraphQLObjectType,
  getNamedType,
  isLeafType,
  isObjectType,
  type OperationDefinitionNode,
  parse,
  print,
} from "graphql";
import { createSchema } from "../../../../src/app/schema.ts";
import { fieldsOf, permissionOf } from "../../../../src/platform/graphql/permissions/guard-schema.ts";
import type { Context } from "../../../../src/platform/graphql/server/context.ts";
import { audienceOf } from "../../../../src/platform/graphql/shared-reads/audience.ts";
import { callerKinds, isNobody, type PreparedWorld, prepareWorld } from "../../../app/prepared-world.ts";
import { validArguments } from "../../../app/valid-arguments.ts";
import { startTestServer, type TestServer } from "../../../support/test-server.ts";

type Field = GraphQLField<unknown, Context>;

const schema = createSchema();
const query = schema.getQueryType() as GraphQLObjectType;
const sharedFields = fieldsOf(schema)
  .filter(({ field }) => permissionOf(field)?.sameFor)
  .map(({ type, field }) => ({ name: `${type.name}.${field.name}`, type, field }));

/** The shortest way from the query to each type, by way of shared fields. */
const waysToTypes = new Map<GraphQLObjectType, Field[]>([[query, []]]);
for (const [type, way] of waysToTypes) {
  for (const field of sharedOf(type)) {
    const target = getNamedType(field.type);
    if (isObjectType(target) && !waysToTypes.has(target)) waysToTypes.set(target, [...way, field]);
  }
}

function sharedOf(type: GraphQLObjectType): Field[] {
  return Object.values(type.getFields()).filter((field) => permissionOf(field)?.sameFor);
}

/** Asks for the fields of the way, one below the other, and for all plain values where it ends. */
function documentFor(way: readonly Field[], world: PreparedWorld): string {
  const [field, ...further] = way;
  if (!field) return "";
  const values = validArguments(field, world);
  const given = field.args.flatMap(({ name, type }) => {
    const value = astFromValue(values[name], type);
    return value ? [`${name}: ${print(value)}`] : [];
  });
  const below = documentFor(further, world) || leavesOf(field);
  return `{ ${field.name}${given.length > 0 ? `(${given.join(", ")})` : ""} ${below} }`;
}

function leavesOf(field: Field): string {
  const target = getNamedType(field.type);
  if (!isObjectType(target)) return "";
  const leaves = sharedOf(target).filter(({ type }) => isLeafType(getNamedType(type)));
  return `{ __typename ${leaves.map(({ name }) => name).join(" ")} }`;
}

describe("a field that the table calls shared", () => {
  let server: TestServer;
  let world: PreparedWorld;
  beforeAll(async () => {
    server = await startTestServer();
    world = await prepareWorld(server);
  });
  afterAll(() => server.stop());

  test.each(sharedFields)("$name says the same to every viewer of its audience", async ({ type, field }) => {
    const way = waysToTypes.get(type);
    if (!way) throw new Error("No query comes to this type by way of shared fields: it has no use for being shared.");
    const document = documentFor([...way, field], world);
    const { definitions } = parse(document);
    const audience = audienceOf(schema, parse(document), definitions[0] as OperationDefinitionNode);
    expect(audience).not.toBeNull();

    const answers = new Map<boolean, Set<string>>([false, true].map((isLoggedIn) => [isLoggedIn, new Set()]));
    for (const kind of callerKinds) {
      const { body } = await world.callers[kind].send(document);
      expect(body.errors).toBeUndefined();
      answers.get(audience === "loggedIn" && !isNobody(kind))?.add(JSON.stringify(body.data));
    }
    expect([...answers.values()].map((different) => different.size)).toEqual(audience === "loggedIn" ? [1, 1] : [1, 0]);
  });
});

test("what one viewer alone, or one moment, is told is shared by nobody", () => {
  const names = new Set(sharedFields.map(({ name }) => name));
  const own = [
    "Query.viewer",
    "Query.serverTime",
    "Query.users",
    "Seminar.viewerEnrollment",
    "Seminar.joinEligibility",
  ];
  const personal = ["email", "staffRole", "locale", "active", "enrollments"].map((field) => `User.${field}`);
  const ofProfiles = ["ParticipantProfile.accepted", "InstructorProfile.careerYears"];
  const mutations = Object.keys(schema.getMutationType()?.getFields() ?? {}).map((field) => `Mutation.${field}`);
  const shared = [...own, ...personal, ...ofProfiles, ...mutations].filter((name) => names.has(name));
  expect(shared).toEqual([]);
});
