import type { EntityManager } from "@mikro-orm/postgresql";
import { requireViewer } from "../platform/auth/require-viewer.ts";
import type { Context } from "../platform/graphql/context.ts";
import { lockSeminar } from "../seminars/seminar.loaders.ts";
import { dropAll } from "./drop-all.ts";
import type { DropSeminarInput } from "./enrollment.inputs.ts";
import { DropSeminarRefusal, DropSeminarRefusalCode, DropSeminarSuccess } from "./enrollment.results.ts";

/** Gives the viewer's seat back (D1-D3), or takes the viewer off the waiting list (D4). Doing it again changes nothing. */
export function dropSeminar(
  context: Context,
  input: DropSeminarInput,
): Promise<DropSeminarSuccess | DropSeminarRefusal> {
  const request = { userId: requireViewer(context).id, actor: context, action: "dropSeminar" };
  const drop = async (em: EntityManager) => {
    const seminar = await lockSeminar(em, input.seminarId);
    const [outcome] = await dropAll(em, seminar, [request]);
    if (outcome?.became === "INSTRUCTOR_CANNOT_DROP") {
      return new DropSeminarRefusal(DropSeminarRefusalCode.INSTRUCTOR_CANNOT_DROP);
    }
    return new DropSeminarSuccess(seminar.id, outcome && "enrollment" in outcome ? outcome.enrollment : null);
  };
  return context.transaction(drop, { isRepeatable: true });
}
