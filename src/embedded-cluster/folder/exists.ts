import { lstat } from "node:fs/promises";

/** Whether something is at this path, be it a link that leads nowhere. */
export function exists(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}
