import { unauthenticated } from "../graphql/errors/errors.ts";
import { type Context, StaffRole, type Viewer } from "../graphql/server/context.ts";

/** @throws UNAUTHENTICATED for an anonymous viewer */
export function requireViewer(context: Context): Viewer {
  if (!context.viewer) throw unauthenticated();
  return context.viewer;
}

const ranks = [StaffRole.VIEWER, StaffRole.EDITOR, StaffRole.ADMIN];

/** Whether the viewer's staff role can do what `role` can: each role can do what the one before it can. */
export function isStaff(viewer: Viewer | null, role: StaffRole): boolean {
  return viewer?.staffRole != null && ranks.indexOf(viewer.staffRole) >= ranks.indexOf(role);
}
