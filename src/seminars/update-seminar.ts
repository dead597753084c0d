import type { z } from "zod";
import { lockSeminar } from "../catalogue/lock-seminar.ts";
import { type Seminar, SeminarStatus, seminarChanges } from "../catalogue/seminar.entity.ts";
import { promotionOf } from "../enrollment/waiting-list/promote-waiting-list.job.ts";
import { auditEntry } from "../platform/audit/write-audit-entry.job.ts";
import { requireViewer } from "../platform/auth/require-viewer.ts";
import { badUserInput } from "../platform/graphql/errors/errors.ts";
import { parseInput } from "../platform/graphql/input/input-rules.ts";
import type { Context } from "../platform/graphql/server/context.ts";
import type { JobSpec } from "../platform/jobs/define-job.ts";
import { enqueue } from "../platform/jobs/enqueue.ts";
import { requireChangeRights } from "./require-change-rights.ts";
import type { UpdateSeminarInput } from "./seminar.inputs.ts";
import { UpdateSeminarRefusal, UpdateSeminarRefusalCode, UpdateSeminarSuccess } from "./seminar.results.ts";
import { closesAfterOpening, closesAfterOpeningText, updateSeminarRules } from "./seminar.rules.ts";
import { mailSeminarChanged } from "./seminar-mails.job.ts";

type Changes = z.output<typeof updateSeminarRules>;

/** Changes what is given of a seminar (S1, S4-S6). */
export async function updateSeminar(
  context: Context,
  input: UpdateSeminarInput,
): Promise<UpdateSeminarSuccess | UpdateSeminarRefusal> {
  const viewer = requireViewer(context);
  const changes = parseInput(updateSeminarRules, input);
  return await context.transaction(async (em) => {
    const seminar = await lockSeminar(em, input.seminarId);
    await requireChangeRights(em, viewer, seminar);
    if (seminar.status !== SeminarStatus.SCHEDULED) {
      return new UpdateSeminarRefusal(UpdateSeminarRefusalCode.NOT_SCHEDULED);
    }
    if (changes.capacity !== undefined && changes.capacity < seminar.participantCount) {
      return new UpdateSeminarRefusal(UpdateSeminarRefusalCode.CAPACITY_BELOW_PARTICIPANTS);
    }
    await em.populate(seminar, ["description"]);
    const before = { ...seminar };
    applyChanges(seminar, changes);
    await enqueue(em, ...jobsOf(context, before, seminar));
    return new UpdateSeminarSuccess(seminar);
  });
}

/** Nothing changed, nothing to do; more seats than before are for those who wait (S5). */
function jobsOf(context: Context, before: Seminar, seminar: Seminar): JobSpec[] {
  const changed = seminarChanges(before, seminar);
  if (Object.keys(changed).length === 0) return [];
  return [
    auditEntry(context, "updateSeminar", "Seminar", seminar.id, changed),
    mailSeminarChanged.of({ seminarId: seminar.id, fields: Object.keys(changed) }),
    ...(seminar.capacity > before.capacity ? [promotionOf(seminar.id)] : []),
  ];
}

function applyChanges(seminar: Seminar, changes: Changes): void {
  for (const [field, value] of Object.entries(changes)) {
    if (value !== undefined) Object.assign(seminar, { [field]: value });
  }
  if (!closesAfterOpening(seminar)) {
    const field = changes.registrationClosesAt ? "registrationClosesAt" : "registrationOpensAt";
    throw badUserInput([{ path: ["input", field], text: closesAfterOpeningText }]);
  }
}
