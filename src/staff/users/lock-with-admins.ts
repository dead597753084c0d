import type { EntityManager } from "@mikro-orm/postgresql";
import { sql } from "kysely";
import { lockUsers } from "../../accounts/users/lock-users.ts";
import type { User } from "../../accounts/users/user.entity.ts";
import { StaffRole } from "../../platform/auth/staff-role.ts";

/**
 * Users, locked together with every active ADMIN: of two who would take the last ADMINs away at once, the second one sees
 * what the first did. By index users_staff.
 */
export async function lockWithAdmins(
  em: EntityManager,
  userIds: readonly string[],
): Promise<{ users: Map<string, User>; admins: Set<User> }> {
  const locked = await lockUsers(em, sql`id = any(${userIds}::uuid[]) or (staff_role = 'ADMIN' and active)`);
  const asked = new Set(userIds);
  return {
    users: new Map(locked.filter(({ id }) => asked.has(id)).map((user) => [user.id, user])),
    admins: new Set(locked.filter(({ active, staffRole }) => active && staffRole === StaffRole.ADMIN)),
  };
}
