import type { Context, FindViewer } from "./context.ts";

/**
 * Looks up who asks, on the operation's route, unless that was done for it before. A replica that has not heard of the
 * viewer's session is behind: then the primary answers the whole operation. What staff may do, the primary is asked in any
 * case, so that a change of a role holds at once.
 */
export async function setViewer(context: Context, findViewer: FindViewer, isForStaff: boolean): Promise<void> {
  const { claims, route } = context;
  if (!claims || context.viewer) return;
  const look = () => findViewer(context, claims);
  let viewer = isForStaff ? await route.onPrimary(look) : await look();
  if (viewer === "unknown") {
    route.moveToPrimary();
    viewer = await look();
  } else if (!isForStaff && viewer?.staffRole && route.readsFromReplica) {
    viewer = await route.onPrimary(look);
  }
  context.viewer = viewer === "unknown" ? null : viewer;
}
