import { userChanges } from "../../accounts/users/user.entity.ts";
import { auditEntry } from "../../platform/audit/write-audit-entry.job.ts";
import { StaffRole } from "../../platform/auth/staff-role.ts";
import { notFound } from "../../platform/graphql/errors/errors.ts";
import { isUuid } from "../../platform/graphql/input/ids.ts";
import type { Context } from "../../platform/graphql/server/context.ts";
import { enqueue } from "../../platform/jobs/enqueue.ts";
import { lockWithAdmins } from "./lock-with-admins.ts";
import type { SetStaffRoleInput } from "./people.inputs.ts";
import { SetStaffRoleRefusal, SetStaffRoleRefusalCode, SetStaffRoleSuccess } from "./people.results.ts";

/**
 * Gives a user a staff role, another one, or none; the last active ADMIN stays one. It holds for open sessions at once.
 * @throws NOT_FOUND
 */
export async function setStaffRole(
  context: Context,
  { userId, staffRole = null }: SetStaffRoleInput,
): Promise<SetStaffRoleSuccess | SetStaffRoleRefusal> {
  if (!isUuid(userId)) throw notFound();
  const result = await context.transaction(async (em) => {
    const { users, admins } = await lockWithAdmins(em, [userId]);
    const user = users.get(userId);
    if (!user) throw notFound();
    if (staffRole !== StaffRole.ADMIN && admins.size === 1 && admins.has(user)) {
      return new SetStaffRoleRefusal(SetStaffRoleRefusalCode.LAST_ADMIN);
    }
    if (user.staffRole === staffRole) return new SetStaffRoleSuccess(user);
    const before = { ...user };
    user.staffRole = staffRole;
    await enqueue(em, auditEntry(context, "setStaffRole", "User", userId, userChanges(before, user)));
    return new SetStaffRoleSuccess(user);
  });
  if (result instanceof SetStaffRoleSuccess && result.user.id === context.viewer?.id) context.viewer = result.user;
  return result;
}
