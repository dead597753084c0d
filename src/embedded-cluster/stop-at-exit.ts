import type { ChildProcess } from "node:child_process";

// In the order of their start, so the primary comes first.
const servers = new Set<ChildProcess>();

/** Asks a server to stop (fast) should this process exit without having stopped it. A killed process cannot. */
export function stopAtExit(server: ChildProcess): void {
  if (servers.size === 0) process.on("exit", stopAll);
  servers.add(server);
  server.once("exit", () => {
    servers.delete(server);
    if (servers.size === 0) process.off("exit", stopAll);
  });
}

function stopAll(): void {
  for (const server of servers) server.kill("SIGINT");
}
