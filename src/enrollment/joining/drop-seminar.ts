import { requireViewer } from "../../platform/auth/require-viewer.ts";
import { notFound } from "../../platform/graphql/errors/errors.ts";
import { isUuid } from "../../platform/graphql/input/ids.ts";
import type { Context } from "../../platform/graphql/server/context.ts";
import type { DropSeminarInput } from "../enrollment.inputs.ts";
import { DropSeminarRefusal, DropSeminarRefusalCode, DropSeminarSuccess } from "../enrollment.results.ts";
import { dropUnderLock } from "./seminar-requests.ts";

/** Gives the viewer's seat back (D1-D3), or takes the viewer off the waiting list (D4). Doing it again changes nothing. */
export async function dropSeminar(
  context: Context,
  { seminarId }: DropSeminarInput,
): Promise<DropSeminarSuccess | DropSeminarRefusal> {
  if (!isUuid(seminarId)) throw notFound();
  const { id: userId } = requireViewer(context);
  const { seminar, outcome } = await dropUnderLock(context, {
    seminarId,
    userId,
    actor: context,
    action: "dropSeminar",
  });
  if (outcome.became === "INSTRUCTOR_CANNOT_DROP") {
    return new DropSeminarRefusal(DropSeminarRefusalCode.INSTRUCTOR_CANNOT_DROP);
  }
  return new DropSeminarSuccess(seminar.id, "enrollment" in outcome ? outcome.enrollment : null);
}
