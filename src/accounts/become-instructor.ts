import { LockMode } from "@mikro-orm/postgresql";
import { auditEntry } from "../platform/audit/write-audit-entry.job.ts";
import { requireViewer } from "../platform/auth/require-viewer.ts";
import { parseInput } from "../platform/graphql/input/input-rules.ts";
import type { Context } from "../platform/graphql/server/context.ts";
import { enqueue } from "../platform/jobs/enqueue.ts";
import type { BecomeInstructorInput } from "./account.inputs.ts";
import { BecomeInstructorRefusal, BecomeInstructorRefusalCode, BecomeInstructorSuccess } from "./account.results.ts";
import { becomeInstructorRules } from "./account.rules.ts";
import { User, userChanges } from "./users/user.entity.ts";

/** Adds an instructor profile to the viewer's account (A2). */
export async function becomeInstructor(
  context: Context,
  input: BecomeInstructorInput,
): Promise<BecomeInstructorSuccess | BecomeInstructorRefusal> {
  const viewer = requireViewer(context);
  const profile = parseInput(becomeInstructorRules, input);
  return await context.transaction(async (em) => {
    const user = await em.findOneOrFail(User, { id: viewer.id }, { lockMode: LockMode.PESSIMISTIC_WRITE });
    if (user.instructorCompany !== null) {
      return new BecomeInstructorRefusal(BecomeInstructorRefusalCode.ALREADY_HAS_PROFILE);
    }
    const before = { ...user };
    user.instructorCompany = profile.company ?? "";
    user.instructorCareerYears = profile.careerYears ?? null;
    await enqueue(em, auditEntry(context, "becomeInstructor", "User", user.id, userChanges(before, user)));
    return new BecomeInstructorSuccess(user);
  });
}
