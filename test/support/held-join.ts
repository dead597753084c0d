import { once } from "node:events";
import http from "node:http";
import net from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { makeCrowd, openSeminar } from "./crowd.ts";
import type { TestDatabase } from "./database.ts";

/** A join in flight, which waits for somebody else's lock for as long as the test wants. */
export interface HeldJoin {
  readonly answer: Promise<{ status?: number; connection?: string; body: unknown }>;
  /** Lets it go on. */
  release(): Promise<void>;
}

/** What a held join is answered with when nothing cuts it off, by a server that lets nothing in any more. */
export const lastAnswer = {
  status: 200,
  connection: "close",
  body: { data: { joinSeminar: { __typename: "JoinSeminarSuccess" } } },
};

/** Sends a join to a server, over a connection that is kept alive; it waits for the lock when this resolves. */
export async function holdJoin(database: TestDatabase, port: number): Promise<HeldJoin> {
  const seminarId = await openSeminar(database, 1);
  const [member] = await makeCrowd(database, 1);
  const rival = new pg.Client({ connectionString: database.url });
  await rival.connect();
  await rival.query("begin");
  await rival.query("select from seminars where id = $1 for update", [seminarId]);
  const query = `mutation { joinSeminar(input: { seminarId: "${seminarId}" }) { __typename } }`;
  const answer = post(port, member?.token ?? "", { query });
  await until(async () => (await waitingForLocks(database)) === 1);
  return {
    answer,
    release: async () => {
      await rival.query("rollback");
      await rival.end();
    },
  };
}

/** Resolves when nobody listens on the port any more. */
export async function untilRefused(port: number): Promise<void> {
  await until(() => isRefused(port));
}

/** Resolves when it is so. */
export async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isSo())) await sleep(5);
}

async function post(port: number, token: string, body: object) {
  const request = http.request({
    port,
    agent: new http.Agent({ keepAlive: true }),
    method: "POST",
    path: "/graphql",
    headers: { "content-type": "application/json", authorization: `Bearer ${token}` },
  });
  request.end(JSON.stringify(body));
  const [response]: http.IncomingMessage[] = await once(request, "response");
  if (!response) throw new Error("There is no response.");
  const text = (await response.toArray()).join("");
  return { status: response.statusCode, connection: response.headers.connection, body: JSON.parse(text) };
}

/** How many statements wait for somebody else's lock in the database. */
async function waitingForLocks(database: TestDatabase): Promise<number> {
  const [row] = await database.sql<{ count: number }>(
    `select count(*)::int as count from pg_stat_activity
     where datname = current_database() and wait_event_type = 'Lock'`,
  );
  return row?.count ?? 0;
}

function isRefused(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = net.connect(port, "127.0.0.1", () => {
      socket.destroy();
      resolve(false);
    });
    socket.on("error", () => resolve(true));
  });
}
