import type { Config } from "../../config.ts";
import { createLog } from "../../platform/log.ts";
import { type App, createApp } from "../create-app.ts";
import type { DatabaseUrls } from "../database-urls.ts";
import { whenAborted } from "../startup/stop-on-signals.ts";
import type { Counts } from "./metrics-of-processes.ts";
import { openCalls } from "./process-calls.ts";

/** What a process that serves does when its parent says so. It ends when its parent closes the channel, or is gone. */
export type ServingCalls = {
  /** Gets ready to serve: whatever it has to know, it is told. */
  prepare(order: { config: Config; databases: DatabaseUrls }): Promise<void>;
  /** Starts to serve, on one port with its siblings, and tells the address. */
  listen(port: number): Promise<string>;
  /** Tells what it has counted. */
  count(): Promise<Counts>;
};

/** What it asks of its parent. */
export type ParentCalls = {
  /** What all processes of the server have counted, for Prometheus. */
  tellMetrics(): Promise<string>;
};

/** Serves as the parent says, until that closes the channel; then answers what was let in. */
export async function serveForParent(stopping: AbortSignal): Promise<void> {
  let app: Promise<App> | undefined;
  const prepared = () => app ?? Promise.reject(new Error("This process was not told yet what to serve."));
  const calls: ServingCalls = {
    prepare: async ({ config, databases }) => {
      const isPretty = config.environment === "development";
      const log = createLog({ level: config.log.level, isPretty, isShared: true });
      app = createApp(config, databases, log, () => callParent("tellMetrics"));
      await app;
    },
    listen: async (port) => await (await prepared()).listen(port),
    count: async () => await (await prepared()).metrics.registry.getMetricsAsJSON(),
  };
  const callParent = openCalls<ParentCalls>(process, calls);
  await whenAborted(stopping);
  const served = await app?.catch(() => null);
  // Who never served has nothing to finish, whatever it has opened.
  if (!served) process.exit();
  await served.close();
}
