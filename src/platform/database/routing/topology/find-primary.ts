import { judgeServers } from "./judge-servers.ts";
import { ServerWatch } from "./server-watch.ts";

/** The address of the server that takes the writes now, as `Topology` would find it; null: there is none. */
export async function findPrimary(urls: readonly string[]): Promise<string | null> {
  const watches = urls.map((url) => new ServerWatch(url, () => {}));
  try {
    const looks = await Promise.all(watches.map((watch) => watch.look()));
    const { primary } = judgeServers(looks, 0, 0);
    return primary === null ? null : (urls[primary] ?? null);
  } finally {
    await Promise.all(watches.map((watch) => watch.close()));
  }
}
