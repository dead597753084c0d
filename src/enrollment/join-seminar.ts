import type { EntityManager } from "@mikro-orm/postgresql";
import { v7 as uuidv7 } from "uuid";
import { requireViewer } from "../platform/auth/require-viewer.ts";
import type { Context } from "../platform/graphql/context.ts";
import { unauthenticated } from "../platform/graphql/errors.ts";
import { lockSeminar } from "../seminars/seminar.loaders.ts";
import { enrollAll } from "./enroll-all.ts";
import { Enrollment } from "./enrollment.entity.ts";
import type { JoinSeminarInput } from "./enrollment.inputs.ts";
import { JoinSeminarRefusal, JoinSeminarSuccess } from "./enrollment.results.ts";

/**
 * Gives the viewer a place in a seminar, or says by J3-J8 why not. The seminar's lock comes first: what the rules look
 * at cannot change before the transaction ends.
 */
export function joinSeminar(
  context: Context,
  input: JoinSeminarInput,
): Promise<JoinSeminarSuccess | JoinSeminarRefusal> {
  const { role, onFull } = input;
  const request = {
    userId: requireViewer(context).id,
    role,
    onFull,
    terms: "OWN",
    enrollmentId: uuidv7(),
    actor: context,
    action: "joinSeminar",
  } as const;
  const join = async (em: EntityManager) => {
    const seminar = await lockSeminar(em, input.seminarId);
    const [outcome] = await enrollAll(em, seminar, [request]);
    if (outcome === undefined || outcome === "UNKNOWN_USER") throw unauthenticated();
    return outcome instanceof Enrollment
      ? new JoinSeminarSuccess(outcome)
      : new JoinSeminarRefusal(outcome, seminar.id);
  };
  return context.transaction(join, { isRepeatable: true });
}
