import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import pRetry from "p-retry";
import { type ClusterContext, PostgresServer } from "./postgres-server.ts";

/**
 * Starts a server on a free port, and on another one when somebody takes that in between. `prepare` makes its data
 * folder ready for the start.
 */
export async function startOnFreePort(
  name: string,
  context: ClusterContext,
  prepare: (server: PostgresServer) => Promise<void>,
): Promise<PostgresServer> {
  const start = async (): Promise<PostgresServer> => {
    const server = new PostgresServer(name, await findFreePort(), context);
    await prepare(server);
    await server.start();
    return server;
  };
  return pRetry(start, {
    retries: 5,
    minTimeout: 0,
    shouldRetry: ({ error }) => error.message.includes("could not bind"),
  });
}

/** A port of the loopback address that nobody uses at this moment. */
async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}
