import { unauthenticated } from "../graphql/errors/errors.ts";
import type { Context, Viewer } from "../graphql/server/context.ts";

/** @throws UNAUTHENTICATED for an anonymous viewer */
export function requireViewer(context: Context): Viewer {
  if (!context.viewer) throw unauthenticated();
  return context.viewer;
}
