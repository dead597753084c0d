import type { EntityManager } from "@mikro-orm/postgresql";
import type { Seminar } from "../catalogue/seminar.entity.ts";
import { Enrollment, EnrollmentRole, EnrollmentStatus } from "../enrollment/enrollment.entity.ts";
import { isStaff, StaffRole } from "../platform/auth/staff-role.ts";
import { forbidden } from "../platform/graphql/errors/errors.ts";
import type { Viewer } from "../platform/graphql/server/context.ts";

/**
 * S4: only its instructors, and EDITORs, may change a seminar.
 * @throws FORBIDDEN
 */
export async function requireChangeRights(em: EntityManager, viewer: Viewer, seminar: Seminar): Promise<void> {
  if (isStaff(viewer, StaffRole.EDITOR)) return;
  const enrollment = await em.findOne(Enrollment, { seminarId: seminar.id, userId: viewer.id });
  const isInstructor = enrollment?.role === EnrollmentRole.INSTRUCTOR && enrollment.status === EnrollmentStatus.ACTIVE;
  if (!isInstructor) throw forbidden();
}
