import { describe, expect, test } from "@jest/globals";
import { type OperationDefinitionNode, parse } from "graphql";
import { createSchema } from "../../../../src/app/schema.ts";
import { isStaffOperation } from "../../../../src/platform/graphql/permissions/staff-operation.ts";

const schema = createSchema();

function isStaff(text: string): boolean {
  const document = parse(text);
  return isStaffOperation(schema, document, document.definitions[0] as OperationDefinitionNode);
}

describe("an operation is one of staff", () => {
  test.each([
    "{ jobs { totalCount } }",
    "{ serverTime jobs { totalCount } }",
    "{ serverTime: jobs { totalCount } }",
    `mutation { retryJobs(input: { jobIds: [] }) { succeededIds } }`,
    "{ ... on Query { ... { jobs { totalCount } } } }",
    "{ ...Outer } fragment Outer on Query { ...Inner } fragment Inner on Query { jobs { totalCount } }",
  ])("when it asks for a staff field: %s", (text) => {
    expect(isStaff(text)).toBe(true);
  });

  test.each([
    "{ viewer { active staffRole } }",
    "{ jobs: serverTime }",
    "{ ...Time } fragment Time on Query { serverTime } fragment Unused on Query { jobs { totalCount } }",
    "query Mine { serverTime } query Other { jobs { totalCount } }",
    "mutation { logOut }",
  ])("and not otherwise: %s", (text) => {
    expect(isStaff(text)).toBe(false);
  });

  test("which is found at once in fragments that spread each other twice", () => {
    const levels = Array.from({ length: 200 }, (_, at) => `fragment F${at} on Query { ...F${at + 1} ...F${at + 1} }`);
    expect(isStaff(`{ ...F0 } ${levels.join(" ")} fragment F200 on Query { serverTime }`)).toBe(false);
  });
});
