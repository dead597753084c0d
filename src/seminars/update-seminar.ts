import type { z } from "zod";
import { requireViewer } from "../platform/auth/require-viewer.ts";
import type { Context } from "../platform/graphql/context.ts";
import { badUserInput } from "../platform/graphql/errors.ts";
import { parseInput } from "../platform/graphql/input-rules.ts";
import { requireChangeRights } from "./change-rights.ts";
import { type Seminar, SeminarStatus } from "./seminar.entity.ts";
import type { UpdateSeminarInput } from "./seminar.inputs.ts";
import { lockSeminar } from "./seminar.loaders.ts";
import { UpdateSeminarRefusal, UpdateSeminarRefusalCode, UpdateSeminarSuccess } from "./seminar.results.ts";
import { closesAfterOpening, closesAfterOpeningText, updateSeminarRules } from "./seminar.rules.ts";

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
    applyChanges(seminar, changes);
    return new UpdateSeminarSuccess(seminar);
  });
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
