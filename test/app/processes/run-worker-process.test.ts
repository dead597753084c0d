import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, expect, jest, test } from "@jest/globals";
import { createTestDatabase, type TestDatabase } from "../../support/database.ts";
import { type Program, startProgram } from "../../support/programs.ts";
import { until } from "../../support/queue.ts";
import { startTcpProxy, type TcpProxy } from "../../support/tcp-proxy.ts";

jest.setTimeout(60_000);

let database: TestDatabase;
let proxy: TcpProxy;
let variables: Record<string, string>;
let worker: Program | undefined;
beforeEach(async () => {
  database = await createTestDatabase();
  proxy = await startTcpProxy(database.url);
  variables = {
    NODE_ENV: "test",
    LOG_LEVEL: "info",
    DATABASE_URL: proxy.url,
    AUDIT_DATABASE_URL: database.auditUrl,
    WORKER_PORT: "0",
  };
});
afterEach(async () => {
  if (worker?.child.exitCode === null) await worker.stop("SIGKILL");
  worker = undefined;
  await proxy.close().catch(() => {});
  await database.drop();
});

/** A worker that works, and the address at which it tells of itself. */
async function startWorker(): Promise<{ program: Program; origin: string | undefined }> {
  const program = startProgram("worker", [], variables);
  worker = program;
  const [, origin] = (await program.hasWritten('"working"')).match(/"health":"([^"]+)"/) ?? [];
  return { program, origin };
}

async function statusOf(url: string): Promise<number> {
  return (await fetch(url)).status;
}

test("a worker tells that it lives and is ready, and what it counts, on a port of its own", async () => {
  await database.sql("select graphile_worker.add_job('removeOldSessions', '{}')");
  const { program, origin } = await startWorker();
  expect(await statusOf(`${origin}/health/live`)).toBe(200);
  expect(await statusOf(`${origin}/health/ready`)).toBe(200);
  expect(await statusOf(`${origin}/graphql`)).toBe(404);

  const done = 'seminar_job_seconds_count{job="removeOldSessions",outcome="done"} 1';
  const metrics = async () => await fetch(`${origin}/metrics`);
  await until(async () => (await (await metrics()).text()).includes(done));
  expect((await metrics()).headers.get("content-type")).toMatch(/^text\/plain; version=0\.0\.4/);
  expect(await program.stop()).toMatchObject({ code: 0, stdout: expect.stringContaining('"stopped"') });
});

test("a worker without its database lives and is not ready, and is so again when the database is back", async () => {
  const { origin } = await startWorker();
  await proxy.close();
  await until(async () => (await statusOf(`${origin}/health/ready`)) === 503);
  expect(await statusOf(`${origin}/health/live`)).toBe(200);
  await proxy.open();
  await until(async () => (await statusOf(`${origin}/health/ready`)) === 200);
});

test("a worker that has no port of its own opens none", async () => {
  variables.WORKER_PORT = "";
  const { program, origin } = await startWorker();
  expect(origin).toBeUndefined();
  expect(await program.stop()).toMatchObject({ code: 0 });
});

test("a worker whose port is taken says so by the variable, and ends", async () => {
  const rival = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => rival.once("listening", resolve));
  const { port } = rival.address() as AddressInfo;
  const program = startProgram("worker", [], { ...variables, WORKER_PORT: String(port) });
  worker = program;
  expect(await program.ended).toMatchObject({
    code: 1,
    stderr: expect.stringContaining(
      `The port ${port} is taken by another program. Choose another one with WORKER_PORT`,
    ),
  });
  await new Promise((resolve) => rival.close(resolve));
});

test("a worker that is asked to stop while its database is gone ends by itself, in good order", async () => {
  const { program } = await startWorker();
  await proxy.close();
  expect(await program.stop()).toMatchObject({ code: 0, stdout: expect.stringContaining('"stopped"') });
});
