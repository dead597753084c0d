import { randomUUID } from "node:crypto";
import type { TestDatabase } from "./database.ts";

type Values = Record<string, unknown>;

/** Inserts a row as it is given, with no code of the product in between; gives its id. */
async function insert(database: TestDatabase, table: string, values: Values): Promise<string> {
  const names = Object.keys(values);
  const places = names.map((_, index) => `$${index + 1}`);
  await database.sql(`insert into ${table} (${names}) values (${places})`, Object.values(values));
  return values.id as string;
}

/** A participant, unless the values say otherwise. */
export function insertUser(database: TestDatabase, values: Values = {}): Promise<string> {
  const id = randomUUID();
  return insert(database, "users", {
    id,
    username: id,
    email: `${id}@example.com`,
    password_hash: "!",
    locale: "EN",
    participant_university: "",
    participant_accepted: true,
    created_at: new Date(),
    ...values,
  });
}

/** A SCHEDULED seminar with 2 seats, unless the values say otherwise. */
export function insertSeminar(database: TestDatabase, values: Values = {}): Promise<string> {
  return insert(database, "seminars", {
    id: randomUUID(),
    name: "Graphs",
    capacity: 2,
    session_count: 1,
    time: "18:30",
    online: true,
    created_at: new Date(),
    ...values,
  });
}

/** An ACTIVE participant, unless the values say otherwise. */
export function insertEnrollment(
  database: TestDatabase,
  seminarId: string,
  userId: string,
  values: Values = {},
): Promise<string> {
  return insert(database, "enrollments", {
    id: randomUUID(),
    seminar_id: seminarId,
    user_id: userId,
    role: "PARTICIPANT",
    status: "ACTIVE",
    joined_at: new Date(),
    ...values,
  });
}
