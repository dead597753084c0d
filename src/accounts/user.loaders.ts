import { isInstructedByViewer } from "../enrollment/enrollment.loaders.ts";
import { isStaff } from "../platform/auth/require-viewer.ts";
import { type Context, StaffRole } from "../platform/graphql/context.ts";
import { entityById } from "../platform/graphql/loaders.ts";
import { User } from "./user.entity.ts";

export const userById = entityById(User);

/** Whether the viewer is this user or staff (A5). */
export function isSelfOrStaff(context: Context, userId: string): boolean {
  return context.viewer?.id === userId || isStaff(context.viewer, StaffRole.VIEWER);
}

/** Whether the viewer is this user, staff, or instructs a seminar in which the user is ACTIVE or WAITLISTED (A5). */
export async function isSelfStaffOrInstructor(context: Context, userId: string): Promise<boolean> {
  if (isSelfOrStaff(context, userId)) return true;
  return context.viewer !== null && (await context.load(isInstructedByViewer).load(userId));
}
