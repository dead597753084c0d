import { createServer } from "node:http";
import type { Config } from "../../config.ts";
import { reasonOf } from "./listen.ts";

/**
 * Answers on the server's port while it starts: it lives (`/health/live`), and for everything else it is not ready (503).
 * A free port (PORT=0) is known to nobody yet, so there is nobody to answer.
 * @returns how to leave the port to the server
 * @throws telling which variable names a port or an address that cannot be had.
 */
export async function openWaitingRoom({ host, port }: Config["http"]): Promise<() => Promise<void>> {
  if (port === 0) return async () => {};
  const room = createServer((request, response) => {
    const isLive = request.url === "/health/live";
    response.writeHead(isLive ? 200 : 503, {
      "content-type": "application/json; charset=utf-8",
      connection: "close",
      ...(!isLive && { "retry-after": "1" }),
    });
    response.end(JSON.stringify({ status: isLive ? "live" : "starting" }));
  });
  await new Promise<void>((resolve, reject) => {
    room.once("error", (error) => reject(new Error(reasonOf(error, host, port), { cause: error })));
    room.listen(port, host, resolve);
  });
  return () =>
    new Promise((resolve) => {
      room.close(() => resolve());
      room.closeAllConnections();
    });
}
