import type { Seminar } from "../../src/catalogue/seminar.entity.ts";
import { OnFull } from "../../src/enrollment/enrollment.inputs.ts";
import { StaffRole } from "../../src/platform/auth/staff-role.ts";
import { join } from "../enrollment/acts.ts";
import type { TestServer } from "../support/test-server.ts";
import type { Person } from "../support/world.ts";
import { bulk, setStaffRole } from "./acts.ts";

/** How many active ADMINs are left each time after the only two have gone for each other at once. */
export async function duels(server: TestServer, rounds: number): Promise<number[]> {
  const left: number[] = [];
  for (let round = 0; round < rounds; round++) {
    await server.database.sql("update users set staff_role = null where staff_role = 'ADMIN'");
    const [one, other] = (await server.world.people(2, { staffRole: StaffRole.ADMIN })) as [Person, Person];
    await Promise.all([attack(one, other, round % 2 === 0), attack(other, one, round % 3 === 0)]);
    const [row] = await server.database.sql<{ admins: number }>(
      "select count(*)::integer as admins from users where staff_role = 'ADMIN' and active",
    );
    left.push(row?.admins ?? 0);
  }
  return left;
}

/** Who is quicker may have ended the other's rights or session before the attack. */
async function attack(by: Person, on: Person, demoting: boolean): Promise<void> {
  const attacking = demoting
    ? setStaffRole(by, on.id, null)
    : bulk(by, "setUsersActive", { userIds: [on.id], active: false });
  await attacking.catch((error: Error) => {
    if (!/UNAUTHENTICATED|FORBIDDEN/.test(error.message)) throw error;
  });
}

/** Deactivates people while they queue, one after the other, until one stays on a waiting list; who that is. */
export async function leftBehind(server: TestServer, admin: Person, seminars: readonly Seminar[], people: number) {
  for (const person of await server.world.people(people)) {
    await Promise.all([
      bulk(admin, "setUsersActive", { userIds: [person.id], active: false }),
      ...seminars.map((seminar) =>
        join(person, seminar, { onFull: OnFull.WAITLIST }).catch((error: Error) => {
          if (!error.message.includes("UNAUTHENTICATED")) throw error;
        }),
      ),
    ]);
    const waiting = await server.database.sql(
      "select seminar_id from enrollments where user_id = $1 and status = 'WAITLISTED'",
      [person.id],
    );
    if (waiting.length > 0) return person.id;
  }
  return null;
}
