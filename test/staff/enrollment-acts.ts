import type { GraphqlClient } from "../support/client.ts";

/** Whoever can act: a person of the world. */
interface Actor {
  readonly client: GraphqlClient;
}

export interface BulkAnswer {
  succeededIds: string[];
  refused: { id: string; code: string; message: string }[];
}

const answer = "{ succeededIds refused { id code message } }";

export async function enrollParticipants(
  { client }: Actor,
  seminar: { id: string },
  userIds: readonly string[],
): Promise<BulkAnswer> {
  const document = `mutation ($input: EnrollParticipantsInput!) { enrollParticipants(input: $input) ${answer} }`;
  return (await client.data(document, { input: { seminarId: seminar.id, userIds } })).enrollParticipants;
}

export async function dropEnrollments({ client }: Actor, enrollmentIds: readonly string[]): Promise<BulkAnswer> {
  const document = `mutation ($input: DropEnrollmentsInput!) { dropEnrollments(input: $input) ${answer} }`;
  return (await client.data(document, { input: { enrollmentIds } })).dropEnrollments;
}

export async function reinstateEnrollments({ client }: Actor, enrollmentIds: readonly string[]): Promise<BulkAnswer> {
  const document = `mutation ($input: ReinstateEnrollmentsInput!) { reinstateEnrollments(input: $input) ${answer} }`;
  return (await client.data(document, { input: { enrollmentIds } })).reinstateEnrollments;
}

/** The codes of the refused, in the order of the answer. */
export function refusals({ refused }: BulkAnswer): [string, string][] {
  return refused.map(({ id, code }) => [id, code]);
}
