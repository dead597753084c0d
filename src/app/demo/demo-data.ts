import type { EntityManager } from "@mikro-orm/postgresql";
import { createUser } from "../../accounts/sign-up.ts";
import { User } from "../../accounts/users/user.entity.ts";
import { type Seminar, SeminarStatus } from "../../catalogue/seminar.entity.ts";
import { createEnrollment, EnrollmentRole, EnrollmentStatus } from "../../enrollment/enrollment.entity.ts";
import { hashPassword, unusablePasswordHash } from "../../platform/auth/passwords.ts";
import { StaffRole } from "../../platform/auth/staff-role.ts";
import { inTransaction } from "../../platform/database/in-transaction.ts";
import { Locale } from "../../platform/locale.ts";
import { newSeminar } from "../../seminars/create-seminar.ts";
import { type DemoSeminar, demoPeople, demoSeminars } from "./demo-catalogue.ts";

export const demoPassword = "seminar-demo";

/** The accounts that a person can log in to, all with the demo password. */
export const demoAccounts = [
  { username: "admin", is: "staff ADMIN", staffRole: StaffRole.ADMIN, participant: {} },
  { username: "editor", is: "staff EDITOR", staffRole: StaffRole.EDITOR, participant: {} },
  { username: "observer", is: "staff VIEWER", staffRole: StaffRole.VIEWER, participant: {} },
  { username: "instructor", is: "leads a seminar", instructor: { company: "Waffle Studio", careerYears: 7 } },
  { username: "participant", is: "takes part", participant: { university: "서울대학교" } },
] as const;

/** Makes the demo accounts and a catalogue worth looking at, once: not when there is any account already. */
export async function makeDemoData(em: EntityManager): Promise<void> {
  const passwordHash = await hashPassword(demoPassword);
  await inTransaction(em, async (em) => {
    if ((await em.count(User)) > 0) return;
    for (const account of demoAccounts) {
      const user = createUser(em, { ...emailOf(account.username), ...account }, passwordHash, true);
      if ("staffRole" in account) user.staffRole = account.staffRole;
    }
    const people = demoPeople.map((person) =>
      createUser(em, { ...emailOf(person.username), ...person, participant: {} }, unusablePasswordHash, true),
    );
    await em.flush();
    for (const demo of demoSeminars) await makeSeminar(em, demo, people);
  });
}

/** Whether the demo accounts are there: a database that had accounts before has not got them. */
export async function hasDemoAccounts(em: EntityManager): Promise<boolean> {
  const usernames = demoAccounts.map(({ username }) => username);
  return (await em.count(User, { username: { $in: usernames } })) === usernames.length;
}

function emailOf(username: string) {
  return { email: `${username}@example.com`, locale: Locale.EN };
}

async function makeSeminar(em: EntityManager, demo: DemoSeminar, people: readonly User[]): Promise<void> {
  const seminar = newSeminar(em, demo);
  seminar.status = demo.status ?? SeminarStatus.SCHEDULED;
  await em.flush();
  const joinedAt = new Date();
  const { ACTIVE, WAITLISTED } = EnrollmentStatus;
  const leaderId = await leaderOf(em, demo);
  createEnrollment(em, seminar, { userId: leaderId, role: EnrollmentRole.INSTRUCTOR, status: ACTIVE, joinedAt });
  for (const [index, person] of people.slice(0, demo.joins).entries()) {
    const status = index < seminar.capacity ? ACTIVE : WAITLISTED;
    createEnrollment(em, seminar, { userId: person.id, role: EnrollmentRole.PARTICIPANT, status, joinedAt });
  }
  await em.flush();
}

async function leaderOf(em: EntityManager, { leader }: DemoSeminar): Promise<Seminar["id"]> {
  const known = await em.findOne(User, { username: leader.username });
  if (known) return known.id;
  const user = createUser(
    em,
    { ...emailOf(leader.username), ...leader, instructor: { company: leader.company, careerYears: 5 } },
    unusablePasswordHash,
    true,
  );
  await em.flush();
  return user.id;
}
