import type { Seminar, SeminarStatus } from "../../../src/catalogue/seminar.entity.ts";
import type { EnrollmentRole, EnrollmentStatus } from "../../../src/enrollment/enrollment.entity.ts";
import type { TestServer } from "../../support/test-server.ts";
import type { Person, SeminarOptions } from "../../support/world.ts";

/** An instant of the database's clock, which is the one that registration windows are judged by. */
export async function databaseTime(server: TestServer, distance: string): Promise<Date> {
  const [row] = await server.database.sql<{ at: Date }>("select clock_timestamp() + $1::interval as at", [distance]);
  if (!row) throw new Error("The database has no clock.");
  return row.at;
}

/** A seminar whose only seat is taken. */
export async function full(server: TestServer): Promise<Seminar> {
  const seminar = await server.world.seminar({ capacity: 1 });
  await server.world.enroll(seminar, await accepted(server));
  return seminar;
}

/** A participant who may join. */
export function accepted(server: TestServer): Promise<Person> {
  return server.world.person();
}

/** Somebody without a participant profile. */
export function instructor(server: TestServer): Promise<Person> {
  return server.world.person({ participant: false, instructor: true });
}

/** Somebody with both profiles who leads a seminar. */
export async function leader(server: TestServer): Promise<Person> {
  const person = await server.world.person({ instructor: true });
  await server.world.seminar({}, person);
  return person;
}

/** A seminar that stands so. */
export function seminarWith(server: TestServer, status: SeminarStatus): Promise<Seminar> {
  return server.world.seminar({ status });
}

/** A seminar whose registration opens in a minute. */
export async function notOpenYet(server: TestServer, options: SeminarOptions = {}): Promise<Seminar> {
  return server.world.seminar({ registrationOpensAt: await databaseTime(server, "1 minute"), ...options });
}

/** A seminar whose registration closed a minute ago. */
export async function closed(server: TestServer, options: SeminarOptions = {}): Promise<Seminar> {
  return server.world.seminar({ registrationClosesAt: await databaseTime(server, "-1 minute"), ...options });
}

/** Somebody with both profiles in a seminar with free seats. */
export async function enrolled(server: TestServer, role: EnrollmentRole, status: EnrollmentStatus) {
  return withPerson(server, await server.world.person({ instructor: true }), role, status);
}

/** This person in a seminar with free seats. */
export async function withPerson(server: TestServer, person: Person, role: EnrollmentRole, status: EnrollmentStatus) {
  const seminar = await server.world.seminar();
  await server.world.enroll(seminar, person, { role, status });
  return { person, seminar };
}
