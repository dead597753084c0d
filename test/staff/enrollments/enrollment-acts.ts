import { type Actor, type BulkAnswer, bulk } from "../acts.ts";

export function enrollParticipants(
  actor: Actor,
  seminar: { id: string },
  userIds: readonly string[],
): Promise<BulkAnswer> {
  return bulk(actor, "enrollParticipants", { seminarId: seminar.id, userIds });
}

export function dropEnrollments(actor: Actor, enrollmentIds: readonly string[]): Promise<BulkAnswer> {
  return bulk(actor, "dropEnrollments", { enrollmentIds });
}

export function reinstateEnrollments(actor: Actor, enrollmentIds: readonly string[]): Promise<BulkAnswer> {
  return bulk(actor, "reinstateEnrollments", { enrollmentIds });
}

/** The codes of the refused, in the order of the answer. */
export function refusals({ refused }: BulkAnswer): [string, string][] {
  return refused.map(({ id, code }) => [id, code]);
}
