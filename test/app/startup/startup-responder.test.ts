import { createServer } from "node:net";
import { describe, expect, test } from "@jest/globals";
import { openWaitingRoom } from "../../../src/app/startup/startup-responder.ts";

const http = { host: "127.0.0.1", trustProxy: undefined, drainTimeoutMs: 0, exposeRoute: false };

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, http.host, resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

describe("the port of a server that starts", () => {
  test("says that the server lives and is not ready, until it is left to the server", async () => {
    const port = await freePort();
    const status = async (path: string) => (await fetch(`http://${http.host}:${port}${path}`)).status;
    const leave = await openWaitingRoom({ ...http, port });
    expect(await status("/health/live")).toBe(200);
    expect(await status("/health/ready")).toBe(503);
    expect(await status("/graphql")).toBe(503);
    await leave();
    await expect(status("/health/live")).rejects.toThrow();
    await (await openWaitingRoom({ ...http, port }))();
  });

  test("is refused to a second server at once, before it starts anything", async () => {
    const port = await freePort();
    const leave = await openWaitingRoom({ ...http, port });
    await expect(openWaitingRoom({ ...http, port })).rejects.toThrow(`The port ${port} is taken by another program.`);
    await leave();
  });
});
