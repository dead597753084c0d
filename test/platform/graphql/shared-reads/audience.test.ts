import { describe, expect, test } from "@jest/globals";
import { type OperationDefinitionNode, parse } from "graphql";
import { createSchema } from "../../../../src/app/schema.ts";
import { audienceOf } from "../../../../src/platform/graphql/shared-reads/audience.ts";

const schema = createSchema();

function audience(text: string) {
  const document = parse(text);
  return audienceOf(schema, document, document.definitions[0] as OperationDefinitionNode);
}

describe("an operation means the same", () => {
  test.each([
    "{ seminars { nodes { id name remainingSeats instructors { user { username participant { university } } } } } }",
    "query ($id: ID!, $yes: Boolean!) { seminar(id: $id) { __typename name @include(if: $yes) } }",
    "{ __typename user(id: 1) { instructor { company } } }",
    "{ ...Page } fragment Page on Query { seminars { ...More } } fragment More on SeminarConnection { totalCount }",
    "{ seminars { totalCount } } query Other { viewer { id } }",
    "{ seminars { totalCount } } fragment Unused on User { email }",
  ])("to everyone: %s", (text) => {
    expect(audience(text)).toBe("everyone");
  });

  test.each([
    "{ seminars { nodes { participants { totalCount nodes { user { username } waitlistPosition } } } } }",
    "{ ...Page } fragment Page on Query { seminar(id: 1) { participants { edges { cursor } } name } }",
  ])("to all who are logged in: %s", (text) => {
    expect(audience(text)).toBe("loggedIn");
  });

  test.each([
    "{ viewer { id } }",
    "{ serverTime seminars { totalCount } }",
    "{ seminars { nodes { viewerEnrollment { id } } } }",
    "{ seminars { nodes { joinEligibility } } }",
    "{ user(id: 1) { email } }",
    "{ seminar(id: 1) { participants { nodes { user { enrollments { totalCount } } } } } }",
    "{ seminars { nodes { name joinEligibility @skip(if: true) } } }",
    "{ seminars { totalCount } ... on Query { ... { viewer { id } } } }",
    "{ ...A } fragment A on Query { ...B } fragment B on Query { viewer { id } }",
    "{ users { totalCount } }",
    "{ __schema { queryType { name } } seminars { totalCount } }",
    `{ __type(name: "User") { name } }`,
    "{ seminars { nothing } }",
    "mutation { logOut }",
    "subscription { seminars { totalCount } }",
  ])("to one viewer, or at one moment, or is no such query: %s", (text) => {
    expect(audience(text)).toBeNull();
  });

  test("which is found at once in fragments that spread each other twice", () => {
    const levels = Array.from({ length: 200 }, (_, at) => `fragment F${at} on Query { ...F${at + 1} ...F${at + 1} }`);
    const last = "fragment F200 on Query { ...F0 seminars { totalCount } }";
    expect(audience(`{ ...F0 } ${levels.join(" ")} ${last}`)).toBe("everyone");
  });
});
