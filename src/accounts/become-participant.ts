import { LockMode } from "@mikro-orm/postgresql";
import { auditEntry } from "../platform/audit/write-audit-entry.job.ts";
import { requireViewer } from "../platform/auth/require-viewer.ts";
import { parseInput } from "../platform/graphql/input/input-rules.ts";
import type { Context } from "../platform/graphql/server/context.ts";
import { enqueue } from "../platform/jobs/enqueue.ts";
import type { BecomeParticipantInput } from "./account.inputs.ts";
import { BecomeParticipantRefusal, BecomeParticipantRefusalCode, BecomeParticipantSuccess } from "./account.results.ts";
import { becomeParticipantRules } from "./account.rules.ts";
import { User, userChanges } from "./users/user.entity.ts";

/** Adds a participant profile to the viewer's account (A2). */
export async function becomeParticipant(
  context: Context,
  input: BecomeParticipantInput,
): Promise<BecomeParticipantSuccess | BecomeParticipantRefusal> {
  const viewer = requireViewer(context);
  const profile = parseInput(becomeParticipantRules, input);
  return await context.transaction(async (em) => {
    const user = await em.findOneOrFail(User, { id: viewer.id }, { lockMode: LockMode.PESSIMISTIC_WRITE });
    if (user.participantAccepted !== null) {
      return new BecomeParticipantRefusal(BecomeParticipantRefusalCode.ALREADY_HAS_PROFILE);
    }
    const before = { ...user };
    user.participantUniversity = profile.university ?? "";
    user.participantAccepted = context.services.settings.acceptParticipants;
    await enqueue(em, auditEntry(context, "becomeParticipant", "User", user.id, userChanges(before, user)));
    return new BecomeParticipantSuccess(user);
  });
}
