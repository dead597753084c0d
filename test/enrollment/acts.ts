import type { EnrollmentRole } from "../../src/enrollment/enrollment.entity.ts";
import type { OnFull } from "../../src/enrollment/enrollment.inputs.ts";
import type { JoinSeminarRefusalCode } from "../../src/enrollment/enrollment.results.ts";
import type { GraphqlClient } from "../support/client.ts";

/** Whoever can act: a person of the world. */
interface Actor {
  readonly client: GraphqlClient;
}

interface SeminarAnswer {
  id: string;
  participantCount: number;
  waitlistCount: number;
}

interface EnrollmentAnswer {
  id: string;
  role: string;
  status: string;
  joinedAt: string;
  droppedAt: string | null;
  waitlistPosition: number | null;
}

export interface JoinAnswer {
  __typename: "JoinSeminarSuccess" | "JoinSeminarRefusal";
  enrollment?: EnrollmentAnswer;
  code?: string;
  message?: string;
  seminar: SeminarAnswer;
}

export interface DropAnswer {
  __typename: "DropSeminarSuccess" | "DropSeminarRefusal";
  enrollment?: EnrollmentAnswer | null;
  code?: string;
  message?: string;
  seminar?: SeminarAnswer;
}

const seminarFields = "seminar { id participantCount waitlistCount }";
const enrollmentFields = "enrollment { id role status joinedAt droppedAt waitlistPosition }";

export const joinDocument = `mutation Join($input: JoinSeminarInput!) {
  joinSeminar(input: $input) {
    __typename
    ... on JoinSeminarSuccess { ${enrollmentFields} ${seminarFields} }
    ... on JoinSeminarRefusal { code message ${seminarFields} }
  }
}`;

export const dropDocument = `mutation Drop($input: DropSeminarInput!) {
  dropSeminar(input: $input) {
    __typename
    ... on DropSeminarSuccess { ${enrollmentFields} ${seminarFields} }
    ... on DropSeminarRefusal { code message }
  }
}`;

export const eligibilityDocument = `query Eligibility($id: ID!, $role: EnrollmentRole!) {
  seminar(id: $id) { joinEligibility(role: $role) }
}`;

export async function join(
  { client }: Actor,
  seminar: { id: string },
  options: { role?: EnrollmentRole; onFull?: OnFull } = {},
): Promise<JoinAnswer> {
  return (await client.data(joinDocument, { input: { seminarId: seminar.id, ...options } })).joinSeminar;
}

export async function drop({ client }: Actor, seminar: { id: string }): Promise<DropAnswer> {
  return (await client.data(dropDocument, { input: { seminarId: seminar.id } })).dropSeminar;
}

export async function eligibility(
  { client }: Actor,
  seminar: { id: string },
  role: EnrollmentRole,
): Promise<JoinSeminarRefusalCode[]> {
  return (await client.data(eligibilityDocument, { id: seminar.id, role })).seminar.joinEligibility;
}
