import type { Person } from "../support/world.ts";

/** Whoever can act: a person of the world. */
export type Actor = Pick<Person, "client">;

export interface BulkAnswer {
  succeededIds: string[];
  refused: { id: string; code: string; message: string }[];
}

/** The document of a bulk mutation; its variable is `$input`. */
export function bulkDocument(mutation: string): string {
  const input = `${mutation.charAt(0).toUpperCase()}${mutation.slice(1)}Input`;
  return `mutation Bulk($input: ${input}!) {
    result: ${mutation}(input: $input) { succeededIds refused { id code message } }
  }`;
}

export async function bulk({ client }: Actor, mutation: string, input: object): Promise<BulkAnswer> {
  return (await client.data(bulkDocument(mutation), { input })).result;
}

export const setStaffRoleDocument = `mutation SetStaffRole($input: SetStaffRoleInput!) {
  setStaffRole(input: $input) {
    __typename
    ... on SetStaffRoleSuccess { user { id staffRole active } }
    ... on SetStaffRoleRefusal { code message }
  }
}`;

export async function setStaffRole({ client }: Actor, userId: string, staffRole: string | null) {
  return (await client.data(setStaffRoleDocument, { input: { userId, staffRole } })).setStaffRole;
}
