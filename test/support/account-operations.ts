import { expect } from "@jest/globals";
import type { TestDatabase } from "./database.ts";

const account = `fragment Account on User {
  id username email firstName lastName locale staffRole active
  participant { university accepted } instructor { company careerYears }
  enrollments { totalCount }
}`;

/** The account mutations, each asking for everything that its answer has. */
export const signUp = `mutation SignUp($input: SignUpInput!) {
  signUp(input: $input) {
    __typename
    ... on SignUpSuccess { user { ...Account } session { token expiresAt } }
    ... on SignUpRefusal { code message }
  }
} ${account}`;

export const logIn = `mutation LogIn($input: LogInInput!) {
  logIn(input: $input) {
    __typename
    ... on LogInSuccess { user { ...Account } session { token expiresAt } }
    ... on LogInRefusal { code message }
  }
} ${account}`;

export const logOut = "mutation { logOut }";

export const updateViewer = `mutation UpdateViewer($input: UpdateViewerInput!) {
  updateViewer(input: $input) {
    __typename
    ... on UpdateViewerSuccess { user { ...Account } }
    ... on UpdateViewerRefusal { code message }
  }
} ${account}`;

export const becomeParticipant = `mutation BecomeParticipant($input: BecomeParticipantInput!) {
  becomeParticipant(input: $input) {
    __typename
    ... on BecomeParticipantSuccess { user { ...Account } }
    ... on BecomeParticipantRefusal { code message }
  }
} ${account}`;

export const becomeInstructor = `mutation BecomeInstructor($input: BecomeInstructorInput!) {
  becomeInstructor(input: $input) {
    __typename
    ... on BecomeInstructorSuccess { user { ...Account } }
    ... on BecomeInstructorRefusal { code message }
  }
} ${account}`;

export const viewer = "{ viewer { id username locale } }";

let made = 0;

/** Valid input for `signUp` of somebody new, with these values changed. */
export function newcomer(values: object = {}): Record<string, unknown> & { username: string; email: string } {
  const username = `newcomer-${process.pid}-${++made}`;
  return {
    username,
    email: `${username}@example.com`,
    password: "long enough",
    participant: {},
    ...values,
  };
}

/** Does `work`, and expects that no account and no session was made, changed or removed meanwhile. */
export async function withoutChange<T>(database: TestDatabase, work: () => Promise<T>): Promise<T> {
  const before = await accountRows(database);
  const result = await work();
  expect(await accountRows(database)).toEqual(before);
  return result;
}

async function accountRows(database: TestDatabase): Promise<object> {
  return {
    users: await database.sql("select * from users order by id"),
    sessions: await database.sql("select * from sessions order by id"),
  };
}
