import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Client } from "pg";
import { copyPrimary } from "./copy-primary.ts";
import { exists } from "./folder/exists.ts";
import type { ClusterContext, PostgresServer } from "./postgres/postgres-server.ts";
import { writeSettings } from "./postgres/server-settings.ts";
import { startOnFreePort } from "./postgres/start-on-free-port.ts";
import { hasUsableSlot, slotOf } from "./replication-slots.ts";

// A replica is given up when it has received nothing for this long and still does not stream.
const patienceMs = 5_000;

/**
 * Starts a replica and resolves when it streams from the primary, to which `client` is connected. It is copied from
 * the primary when it is missing, and again when it can no longer follow.
 */
export async function startReplica(
  name: string,
  primary: PostgresServer,
  client: Client,
  context: ClusterContext,
): Promise<PostgresServer> {
  const fault = await whyNotReusable(name, client, context);
  if (!fault) {
    try {
      return await startStreaming(name, primary, client, context);
    } catch (error) {
      context.onProgress(`Making ${name} anew, because it cannot follow the primary: ${reasonOf(error)}`);
    }
  } else {
    context.onProgress(`Making ${name} ${fault}.`);
  }
  await copyPrimary(name, primary, client, context);
  return startStreaming(name, primary, client, context);
}

async function whyNotReusable(name: string, client: Client, context: ClusterContext): Promise<string | null> {
  const folder = join(context.folder, name);
  if (!(await exists(folder))) return "from a copy of the primary";
  if (!(await exists(join(folder, "standby.signal")))) return "anew, because it became a primary of its own";
  if (!(await hasUsableSlot(client, name))) return "anew, because the primary no longer keeps what it needs";
  return null;
}

async function startStreaming(
  name: string,
  primary: PostgresServer,
  client: Client,
  context: ClusterContext,
): Promise<PostgresServer> {
  const source = { port: primary.port, password: context.password, slot: slotOf(name) };
  const server = await startOnFreePort(name, context, (replica) =>
    writeSettings(replica, context.account, context.settings, source),
  );
  try {
    await waitUntilStreaming(server, client);
    return server;
  } catch (error) {
    await server.stop("immediate");
    throw error;
  }
}

async function waitUntilStreaming(server: PostgresServer, client: Client): Promise<void> {
  let received: string | null = null;
  let deadline = Date.now() + patienceMs;
  while (Date.now() < deadline) {
    if (server.pid === null) throw new Error(`The server ${server.name} ended.`);
    const { rows } = await client.query<{ state: string; flush_lsn: string | null }>(
      "select state, flush_lsn from pg_stat_replication where application_name = $1",
      [server.name],
    );
    if (rows[0]?.state === "streaming") return;
    if (rows[0]?.flush_lsn && rows[0].flush_lsn !== received) {
      received = rows[0].flush_lsn;
      deadline = Date.now() + patienceMs;
    }
    await sleep(20);
  }
  throw new Error(`The server ${server.name} does not stream from the primary.`);
}

/** What the server's log, which is part of the message, gives as the reason; else the whole message. */
function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return /(?:FATAL|PANIC):\s+(.*)/.exec(message)?.[1] ?? message;
}
