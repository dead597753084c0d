import { v7 as uuidv7 } from "uuid";
import type { Seminar } from "../../src/catalogue/seminar.entity.ts";
import { EnrollmentStatus } from "../../src/enrollment/enrollment.entity.ts";
import { hashPassword } from "../../src/platform/auth/passwords.ts";
import { StaffRole } from "../../src/platform/auth/staff-role.ts";
import type { GraphqlClient } from "../support/client.ts";
import type { TestServer } from "../support/test-server.ts";
import type { Person } from "../support/world.ts";

/** Every kind of caller. */
export const callerKinds = [
  "anonymous",
  "newcomer",
  "participant",
  "instructor",
  "instructor of another seminar",
  "VIEWER",
  "EDITOR",
  "ADMIN",
  "deactivated ADMIN",
  "ADMIN with a revoked token",
] as const;
export type CallerKind = (typeof callerKinds)[number];

/** People, seminars and enrollments that every query and mutation can be tried on. */
export interface PreparedWorld {
  callers: Record<CallerKind, GraphqlClient>;
  /** Who each caller is; null for who is nobody to the server. */
  viewerIds: Record<CallerKind, string | null>;
  /** ACTIVE in the seminar, and in the queue of the other one; the password of everybody is `password`. */
  user: Person;
  /** In no seminar; has both profiles. */
  newcomer: Person;
  /** Led by the instructor; has the participant, staff and others in it, ACTIVE, WAITLISTED and DROPPED. */
  seminar: Seminar;
  /** The user's enrollment in the seminar. */
  activeId: string;
  /** Somebody's enrollment in the seminar. */
  droppedId: string;
}

export const password = "correct horse battery";
let passwordHash: Promise<string> | undefined;

export async function prepareWorld(server: TestServer): Promise<PreparedWorld> {
  const { world, anonymous } = server;
  passwordHash ??= hashPassword(password);
  const person = async (options: Parameters<typeof world.person>[0] = {}) =>
    world.person({ passwordHash: await passwordHash, ...options });
  const [user, newcomer, participant, instructor, other, dropped, waiting] = await Promise.all([
    person({ instructor: true, firstName: "Ada", lastName: "Lovelace" }),
    person({ instructor: true }),
    person(),
    person({ instructor: true, participant: false }),
    person({ instructor: true }),
    person(),
    // Nobody can be promoted, so that the seminar's free seats are free.
    person({ accepted: false }),
  ]);
  const [viewer, editor, admin, deactivated, revoked] = await Promise.all([
    person({ staffRole: StaffRole.VIEWER }),
    person({ staffRole: StaffRole.EDITOR }),
    person({ staffRole: StaffRole.ADMIN }),
    person({ staffRole: StaffRole.ADMIN, active: false }),
    person({ staffRole: StaffRole.ADMIN }),
  ]);

  const [anotherSeminar, seminar] = [await world.seminar({}, other), await world.seminar({}, instructor)];
  const { WAITLISTED, DROPPED } = EnrollmentStatus;
  const active = await world.enroll(seminar, user);
  await world.enroll(seminar, participant);
  await world.enroll(seminar, waiting, { status: WAITLISTED });
  const gone = await world.enroll(seminar, dropped, { status: DROPPED });
  await world.enroll(anotherSeminar, user, { status: WAITLISTED });
  await world.enroll(anotherSeminar, participant, { status: DROPPED });
  for (const staff of [viewer, editor, admin]) {
    await world.enroll(seminar, staff);
    await world.enroll(anotherSeminar, staff);
  }
  await addAuditEntry(server, user, active.id);
  await revoked.client.data("mutation { logOut }");

  const people: Record<CallerKind, Person | null> = {
    anonymous: null,
    newcomer,
    participant,
    instructor,
    "instructor of another seminar": other,
    VIEWER: viewer,
    EDITOR: editor,
    ADMIN: admin,
    "deactivated ADMIN": deactivated,
    "ADMIN with a revoked token": revoked,
  };
  return {
    callers: byKind((kind) => people[kind]?.client ?? anonymous.with({})),
    viewerIds: byKind((kind) => (isNobody(kind) ? null : (people[kind]?.id ?? null))),
    user,
    newcomer,
    seminar,
    activeId: active.id,
    droppedId: gone.id,
  };
}

/** Whether the caller is anonymous to the server, whatever token it sends. */
export function isNobody(kind: CallerKind): boolean {
  return ["anonymous", "deactivated ADMIN", "ADMIN with a revoked token"].includes(kind);
}

function byKind<T>(answerFor: (kind: CallerKind) => T): Record<CallerKind, T> {
  return Object.fromEntries(callerKinds.map((kind) => [kind, answerFor(kind)])) as Record<CallerKind, T>;
}

/** As the job would write it, had a worker done it already. */
async function addAuditEntry({ database }: TestServer, actor: Person, enrollmentId: string): Promise<void> {
  await database.auditSql(
    `insert into audit_entries (id, at, actor_id, action, target_type, target_id, changes)
     values ($1, now(), $2, 'joinSeminar', 'Enrollment', $3, '{}')`,
    [uuidv7(), actor.id, enrollmentId],
  );
}
