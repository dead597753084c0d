import { setTimeout as delay } from "node:timers/promises";
import pg from "pg";
import type { EmbeddedServer } from "../../src/embedded-cluster/start-embedded-cluster.ts";

/** The rows of one statement on one server of a cluster, in the database of the test unless another is named. */
export async function rowsOn<Row extends object = Record<string, unknown>>(
  server: Pick<EmbeddedServer, "url">,
  statement: string,
  parameters: unknown[] = [],
  database = "seminar_test",
): Promise<Row[]> {
  const client = new pg.Client({ connectionString: server.url(database) });
  // What befalls the connection fails the query at hand; as an event too it would end this process.
  client.on("error", () => undefined);
  await client.connect();
  try {
    return (await client.query<Row>(statement, parameters)).rows;
  } finally {
    await client.end();
  }
}

/** Changes settings of a running server. */
export async function changeSettings(server: EmbeddedServer, settings: Record<string, string>): Promise<void> {
  for (const [name, value] of Object.entries(settings)) await rowsOn(server, `alter system set ${name} = '${value}'`);
  await rowsOn(server, "select pg_reload_conf()");
}

/** Makes a replica stream from another server than before. */
export async function follow(replica: EmbeddedServer, primary: Pick<EmbeddedServer, "port">): Promise<void> {
  const [row] = await rowsOn<{ setting: string }>(
    replica,
    "select setting from pg_settings where name = 'primary_conninfo'",
  );
  const source = row?.setting.replace(/port=\d+/, `port=${primary.port}`) ?? "";
  await changeSettings(replica, { primary_conninfo: source, primary_slot_name: "" });
}

/** Resolves when the condition holds; fails when it does not within the time. */
export async function eventually(
  condition: () => boolean | Promise<boolean>,
  what: string,
  timeoutMs = 20_000,
): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`Not within ${timeoutMs} ms: ${what}.`);
    await delay(20);
  }
}
