import { registerEnumType } from "type-graphql";

/** What staff may do; each role can do what the one before it can. */
export enum StaffRole {
  VIEWER = "VIEWER",
  EDITOR = "EDITOR",
  ADMIN = "ADMIN",
}

registerEnumType(StaffRole, {
  name: "StaffRole",
  description: "What staff may do; each role can do what the one before it can.",
  valuesConfig: {
    VIEWER: { description: "Looks at people, enrollments, the audit trail and jobs." },
    EDITOR: { description: "Changes enrollments, acceptance and any seminar." },
    ADMIN: { description: "Gives roles, deactivates users and retries jobs." },
  },
});

const ranks = [StaffRole.VIEWER, StaffRole.EDITOR, StaffRole.ADMIN];

/** Whether the viewer's staff role can do what `role` can: each role can do what the one before it can. */
export function isStaff(viewer: { readonly staffRole: StaffRole | null } | null, role: StaffRole): boolean {
  return viewer?.staffRole != null && ranks.indexOf(viewer.staffRole) >= ranks.indexOf(role);
}
