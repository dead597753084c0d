import { once } from "node:events";
import net from "node:net";
import { afterEach, beforeEach, expect, jest, test } from "@jest/globals";
import { createTestDatabase, type TestDatabase } from "../../support/database.ts";
import { holdJoin, lastAnswer, until, untilRefused } from "../../support/held-join.ts";
import { type Program, startProgram } from "../../support/programs.ts";
import { startTcpProxy } from "../../support/tcp-proxy.ts";

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
  const join = await holdJoin(database, port);
  server.child.kill("SIGTERM");
  await untilRefused(port);
  await join.release();

  expect(await join.answer).toEqual(lastAnswer);
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
