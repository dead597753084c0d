import type { EntityManager } from "@mikro-orm/postgresql";
import { v7 as uuidv7 } from "uuid";
import type { z } from "zod";
import { User } from "../accounts/users/user.entity.ts";
import { Seminar, SeminarStatus, seminarChanges } from "../catalogue/seminar.entity.ts";
import {
  createEnrollment,
  Enrollment,
  EnrollmentRole,
  EnrollmentStatus,
  enrollmentChanges,
} from "../enrollment/enrollment.entity.ts";
import { auditEntry } from "../platform/audit/write-audit-entry.job.ts";
import { requireViewer } from "../platform/auth/require-viewer.ts";
import { isStaff, StaffRole } from "../platform/auth/staff-role.ts";
import { forbidden } from "../platform/graphql/errors/errors.ts";
import { parseInput } from "../platform/graphql/input/input-rules.ts";
import type { Context } from "../platform/graphql/server/context.ts";
import { enqueue } from "../platform/jobs/enqueue.ts";
import type { CreateSeminarInput } from "./seminar.inputs.ts";
import { CreateSeminarRefusal, CreateSeminarRefusalCode, CreateSeminarSuccess } from "./seminar.results.ts";
import { createSeminarRules } from "./seminar.rules.ts";

/** Makes a seminar (S1). An instructor becomes its first instructor; an EDITOR does not (S2). */
export async function createSeminar(
  context: Context,
  input: CreateSeminarInput,
): Promise<CreateSeminarSuccess | CreateSeminarRefusal> {
  const viewer = requireViewer(context);
  const isEditor = isStaff(viewer, StaffRole.EDITOR);
  if (!isEditor && !(await hasInstructorProfile(context.em, viewer.id))) throw forbidden();
  const values = parseInput(createSeminarRules, input);

  return await context.transaction(async (em) => {
    if (!isEditor && (await isLeading(em, viewer.id))) {
      return new CreateSeminarRefusal(CreateSeminarRefusalCode.ALREADY_LEADING);
    }
    const seminar = newSeminar(em, values);
    await em.flush();
    const entries = [auditEntry(context, "createSeminar", "Seminar", seminar.id, seminarChanges(null, seminar))];
    if (!isEditor) {
      const { INSTRUCTOR } = EnrollmentRole;
      const leading = createEnrollment(em, seminar, {
        userId: viewer.id,
        role: INSTRUCTOR,
        status: EnrollmentStatus.ACTIVE,
        joinedAt: seminar.createdAt,
      });
      entries.push(auditEntry(context, "createSeminar", "Enrollment", leading.id, enrollmentChanges(null, leading)));
    }
    await enqueue(em, ...entries);
    return new CreateSeminarSuccess(seminar);
  });
}

async function hasInstructorProfile(em: EntityManager, userId: string): Promise<boolean> {
  const user = await em.findOne(User, { id: userId });
  return user !== null && user.instructorCompany !== null;
}

/** S3, by index enrollments_leads_one_seminar. */
async function isLeading(em: EntityManager, userId: string): Promise<boolean> {
  const led = await em.findOne(Enrollment, {
    userId,
    role: EnrollmentRole.INSTRUCTOR,
    status: EnrollmentStatus.ACTIVE,
    ledStatus: SeminarStatus.SCHEDULED,
  });
  return led !== null;
}

/** A new seminar in the unit of work of `em`. */
export function newSeminar(em: EntityManager, values: z.output<typeof createSeminarRules>): Seminar {
  return em.create(Seminar, {
    id: uuidv7(),
    name: values.name,
    description: values.description ?? null,
    capacity: values.capacity,
    sessionCount: values.sessionCount,
    time: values.time,
    online: values.online ?? true,
    startsOn: values.startsOn ?? null,
    registrationOpensAt: values.registrationOpensAt ?? null,
    registrationClosesAt: values.registrationClosesAt ?? null,
    status: SeminarStatus.SCHEDULED,
    participantCount: 0,
    waitlistCount: 0,
    createdAt: new Date(),
  });
}
