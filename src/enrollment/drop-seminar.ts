import { requireViewer } from "../platform/auth/require-viewer.ts";
import type { Context } from "../platform/graphql/context.ts";
import { notFound } from "../platform/graphql/errors.ts";
import { isUuid } from "../platform/graphql/ids.ts";
import { dropAll } from "./drop-all.ts";
import type { DropSeminarInput } from "./enrollment.inputs.ts";
import { DropSeminarRefusal, DropSeminarRefusalCode, DropSeminarSuccess } from "./enrollment.results.ts";
import { standInLine } from "./seminar-line.ts";

/** Gives the viewer's seat back (D1-D3), or takes the viewer off the waiting list (D4). Doing it again changes nothing. */
export async function dropSeminar(
  context: Context,
  { seminarId }: DropSeminarInput,
): Promise<DropSeminarSuccess | DropSeminarRefusal> {
  if (!isUuid(seminarId)) throw notFound();
  const request = { userId: requireViewer(context).id, actor: context, action: "dropSeminar" };
  const { seminar, outcome } = await standInLine(context, seminarId, dropAll, request);
  if (outcome.became === "INSTRUCTOR_CANNOT_DROP") {
    return new DropSeminarRefusal(DropSeminarRefusalCode.INSTRUCTOR_CANNOT_DROP);
  }
  return new DropSeminarSuccess(seminar.id, "enrollment" in outcome ? outcome.enrollment : null);
}
