import { type EntityManager, raw } from "@mikro-orm/postgresql";
import { Enrollment, EnrollmentStatus } from "../enrollment.entity.ts";

/**
 * These users' places on waiting lists, in the order of the seminars' ids. By index enrollments_of_user: the status is a
 * mere filter, as by `asFilter`.
 */
export function findWaiting(em: EntityManager, userIds: readonly string[]): Promise<Enrollment[]> {
  return em.find(
    Enrollment,
    { userId: { $in: userIds }, [raw("nullif(status, '')")]: EnrollmentStatus.WAITLISTED },
    { orderBy: { seminarId: "asc" } },
  );
}
