import { type Context, StaffRole, type Viewer } from "../graphql/context.ts";
import { forbidden, unauthenticated } from "../graphql/errors.ts";

/** @throws UNAUTHENTICATED for an anonymous viewer */
export function requireViewer(context: Context): Viewer {
  if (!context.viewer) throw unauthenticated();
  return context.viewer;
}

/** @throws UNAUTHENTICATED for an anonymous viewer, FORBIDDEN for one whose role is less than `role` */
export function requireStaff(context: Context, role: StaffRole): Viewer {
  const viewer = requireViewer(context);
  if (!isStaff(viewer, role)) throw forbidden();
  return viewer;
}

const ranks = [StaffRole.VIEWER, StaffRole.EDITOR, StaffRole.ADMIN];

/** Whether the viewer's staff role can do what `role` can: each role can do what the one before it can. */
export function isStaff(viewer: Viewer | null, role: StaffRole): boolean {
  return viewer?.staffRole != null && ranks.indexOf(viewer.staffRole) >= ranks.indexOf(role);
}
