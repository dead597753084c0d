import { openSession } from "../../src/accounts/sessions/open-session.ts";
import { createUser } from "../../src/accounts/sign-up.ts";
import type { User } from "../../src/accounts/users/user.entity.ts";
import type { App } from "../../src/app/create-app.ts";
import { Seminar } from "../../src/catalogue/seminar.entity.ts";
import {
  createEnrollment,
  type Enrollment,
  EnrollmentRole,
  EnrollmentStatus,
} from "../../src/enrollment/enrollment.entity.ts";
import { unusablePasswordHash } from "../../src/platform/auth/passwords.ts";
import type { StaffRole } from "../../src/platform/auth/staff-role.ts";
import { Locale } from "../../src/platform/locale.ts";
import { newSeminar } from "../../src/seminars/create-seminar.ts";
import type { GraphqlClient } from "./client.ts";

/** Somebody with an account and a session. */
export interface Person {
  readonly id: string;
  readonly username: string;
  readonly email: string;
  readonly token: string;
  /** A client that is logged in as this person. */
  readonly client: GraphqlClient;
}

export interface PersonOptions {
  username?: string;
  /** Default: accepted participants. */
  accepted?: boolean;
  /** Without a participant profile when false. */
  participant?: boolean;
  instructor?: boolean;
  staffRole?: StaffRole;
  active?: boolean;
  locale?: Locale;
  passwordHash?: string;
  firstName?: string;
  lastName?: string;
}

export type SeminarOptions = Partial<Parameters<typeof newSeminar>[1]> & { status?: Seminar["status"] };

let made = 0;

/** Puts rows straight into the database, each person and seminar with a name of its own. */
export class World {
  readonly #app: App;
  readonly #anonymous: GraphqlClient;

  constructor(app: App, anonymous: GraphqlClient) {
    this.#app = app;
    this.#anonymous = anonymous;
  }

  async person(options: PersonOptions = {}): Promise<Person> {
    const [person] = await this.people(1, options);
    return person as Person;
  }

  /** Several people of the same kind, in one transaction. */
  async people(count: number, options: PersonOptions = {}): Promise<Person[]> {
    const em = this.#app.orm.em.fork();
    const people: Person[] = [];
    for (let index = 0; index < count; index++) {
      const user = this.#user(em, options);
      const { token } = await openSession({ services: this.#app.services } as never, em, user);
      people.push({
        id: user.id,
        username: user.username,
        email: user.email,
        token,
        client: this.#anonymous.with({ token }),
      });
    }
    await em.flush();
    return people;
  }

  /** A seminar with 10 seats that can be joined now, unless the options say otherwise; `by` leads it. */
  async seminar(options: SeminarOptions = {}, by?: Person): Promise<Seminar> {
    const em = this.#app.orm.em.fork();
    const { status, ...values } = options;
    const seminar = newSeminar(em, {
      name: `Seminar ${++made}`,
      capacity: 10,
      sessionCount: 6,
      time: "18:30",
      ...values,
    });
    if (status) seminar.status = status;
    await em.flush();
    if (by) await this.enroll(seminar, by, { role: EnrollmentRole.INSTRUCTOR });
    return seminar;
  }

  /** A row in `enrollments`, whatever the rules say; the constraints of the database hold. */
  async enroll(
    seminar: { id: string },
    person: { id: string },
    options: { role?: EnrollmentRole; status?: EnrollmentStatus } = {},
  ): Promise<Enrollment> {
    const em = this.#app.orm.em.fork();
    const { role = EnrollmentRole.PARTICIPANT, status = EnrollmentStatus.ACTIVE } = options;
    const row = await em.findOneOrFail(Seminar, { id: seminar.id });
    const enrollment = createEnrollment(em, row, { userId: person.id, role, status, joinedAt: new Date() });
    if (status === EnrollmentStatus.DROPPED) enrollment.droppedAt = new Date();
    await em.flush();
    return enrollment;
  }

  #user(em: Parameters<typeof createUser>[0], options: PersonOptions): User {
    const { participant = true, instructor = false, accepted = true } = options;
    const username = options.username ?? `person-${process.pid}-${++made}`;
    const user = createUser(
      em,
      {
        username,
        email: `${username}@example.com`,
        locale: options.locale ?? Locale.EN,
        firstName: options.firstName ?? null,
        lastName: options.lastName ?? null,
        participant: participant ? { university: "Seoul" } : null,
        instructor: instructor ? { company: "Waffle", careerYears: 3 } : null,
      },
      options.passwordHash ?? unusablePasswordHash,
      accepted,
    );
    if (options.staffRole) user.staffRole = options.staffRole;
    if (options.active === false) user.active = false;
    return user;
  }
}
