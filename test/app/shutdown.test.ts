import { once } from "node:events";
import http from "node:http";
import net from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, expect, jest, test } from "@jest/globals";
import pg from "pg";
import { createTestDatabase, type TestDatabase } from "../support/database.ts";
import { type Program, runCommand, startProgram } from "../support/programs.ts";
import { startTcpProxy } from "../support/tcp-proxy.ts";

jest.setTimeout(60_000);

let database: TestDatabase;
let variables: Record<string, string>;
let server: Program;
let port: number;

beforeEach(async () => {
  database = await createTestDatabase();
  variables = {
    NODE_ENV: "test",
    LOG_LEVEL: "info",
    DATABASE_URL: database.url,
    AUDIT_DATABASE_URL: database.auditUrl,
  };
  server = startProgram("main", [], variables);
  const [, address = ""] = (await server.hasWritten('"serving"')).match(/"address":"([^"]+)"/) ?? [];
  port = Number(new URL(address).port);
});

afterEach(async () => {
  if (server.child.exitCode === null) await server.stop("SIGKILL");
  await database.drop();
});

test("SIGTERM lets nothing in, answers what was let in, and then everything ends", async () => {
  const { token } = JSON.parse((await runCommand(["create-sessions", "--count", "1"], variables)).stdout);
  const seminarId = "0198c0de-0000-7000-8000-000000000001";
  await database.sql(
    `insert into seminars (id, name, capacity, session_count, time, online, created_at)
     values ($1, 'TypeScript', 1, 1, '18:30', true, now())`,
    [seminarId],
  );
  const rival = new pg.Client({ connectionString: database.url });
  await rival.connect();
  await rival.query("begin");
  await rival.query("select from seminars where id = $1 for update", [seminarId]);

  const agent = new http.Agent({ keepAlive: true });
  const query = `mutation { joinSeminar(input: { seminarId: "${seminarId}" }) { __typename } }`;
  const answer = post(agent, token, { query });
  await until(async () => (await waitingForLocks()) === 1);
  server.child.kill("SIGTERM");
  await until(() => isRefused());
  await rival.query("rollback");
  await rival.end();

  expect(await answer).toEqual({
    status: 200,
    connection: "close",
    body: { data: { joinSeminar: { __typename: "JoinSeminarSuccess" } } },
  });
  expect(await server.ended).toMatchObject({ code: 0, stdout: expect.stringContaining('"stopped"') });
  expect(await database.sql("select status from enrollments")).toEqual([{ status: "ACTIVE" }]);
});

test("connections that nobody uses, and requests that never come to their end, do not keep it from ending", async () => {
  const idle = net.connect(port, "127.0.0.1");
  idle.write("GET /health/live HTTP/1.1\r\nhost: x\r\n\r\n");
  await once(idle, "data");
  const silent = net.connect(port, "127.0.0.1");
  await once(silent, "connect");
  const closed = [once(idle, "close"), once(silent, "close")];

  expect(await server.stop()).toMatchObject({ code: 0, stdout: expect.stringContaining('"stopped"') });
  await Promise.all(closed);
});

test("a request that takes longer than it may is cut off", async () => {
  await server.stop();
  server = startProgram("main", [], { ...variables, SHUTDOWN_TIMEOUT_MS: "200" });
  const [, address = ""] = (await server.hasWritten('"serving"')).match(/"address":"([^"]+)"/) ?? [];
  const half = net.connect(Number(new URL(address).port), "127.0.0.1");
  half.on("error", () => {});
  half.write("POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{");
  await until(async () => (await fetch(`${address}/health/live`)).ok);

  expect(await server.stop("SIGINT")).toMatchObject({ code: 0, stdout: expect.stringContaining('"stopped"') });
});

test.each(["inline", "separate"])(
  "a server (WORKER=%s) whose database is gone ends by itself, in good order",
  async (kind) => {
    await server.stop();
    const proxy = await startTcpProxy(database.url);
    server = startProgram("main", [], { ...variables, DATABASE_URL: proxy.url, WORKER: kind });
    await server.hasWritten('"serving"');
    await proxy.close();
    expect(await server.stop()).toMatchObject({ code: 0, stdout: expect.stringContaining('"stopped"') });
  },
);

async function post(agent: http.Agent, token: string, body: object) {
  const request = http.request({
    port,
    agent,
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
async function waitingForLocks(): Promise<number> {
  const [row] = await database.sql<{ count: number }>(
    `select count(*)::int as count from pg_stat_activity
     where datname = current_database() and wait_event_type = 'Lock'`,
  );
  return row?.count ?? 0;
}

function isRefused(): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = net.connect(port, "127.0.0.1", () => {
      socket.destroy();
      resolve(false);
    });
    socket.on("error", () => resolve(true));
  });
}

async function until(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) await sleep(5);
}
