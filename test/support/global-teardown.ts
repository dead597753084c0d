import { rm } from "node:fs/promises";

export default async function globalTeardown(): Promise<void> {
  const running = globalThis.testCluster;
  await running?.cluster.stop();
  if (running) await rm(running.dataDir, { recursive: true, force: true });
}
