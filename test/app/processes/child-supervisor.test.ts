import { readFile } from "node:fs/promises";
import { afterEach, beforeEach, describe, expect, jest, test } from "@jest/globals";
import { logIn } from "../../support/account-operations.ts";
import { GraphqlClient } from "../../support/client.ts";
import { makeCrowd, openSeminar, patience, pressJoin, seatsTaken, tally } from "../../support/crowd.ts";
import { createTestDatabase, type TestDatabase } from "../../support/database.ts";
import { holdJoin, lastAnswer, until, untilRefused } from "../../support/held-join.ts";
import { readMetrics, sumOf } from "../../support/metrics-text.ts";
import { type Program, startProgram } from "../../support/programs.ts";

jest.setTimeout(120_000);

const query = "{ seminars(first: 1) { nodes { id } } }";

let database: TestDatabase;
let server: Program;
let origin: string;
let children: number[];

beforeEach(async () => {
  database = await createTestDatabase();
});
afterEach(async () => {
  if (isAlive(server.child.pid)) await server.stop("SIGKILL");
  await until(() => !children.some(isAlive));
  await database.drop();
});

/** Starts a server with two processes that serve. */
async function start(variables: Record<string, string> = {}): Promise<void> {
  server = startServer(variables);
  children = [];
  await server.hasWritten('"serving"');
  const [serving] = (await logOf(server)).filter(({ msg }) => msg === "serving");
  origin = String(serving?.address);
  children = await childrenOf(server);
}

function startServer(variables: Record<string, string>): Program {
  return startProgram("main", [], {
    NODE_ENV: "test",
    API_PROCESSES: "2",
    LOG_LEVEL: "info",
    DATABASE_URL: database.url,
    DATABASE_REPLICA_URLS: database.replicaUrls.join(","),
    AUDIT_DATABASE_URL: database.auditUrl,
    ...variables,
  });
}

/** The lines of the log so far. */
async function logOf(program: Program): Promise<({ msg: string; pid: number } & Record<string, unknown>)[]> {
  const lines = (await program.hasWritten("")).split("\n").slice(0, -1);
  return lines.map((line) => JSON.parse(line));
}

/** Which processes have answered operations so far. */
async function answerers(): Promise<number[]> {
  const operations = (await logOf(server)).filter(({ msg }) => msg === "operation");
  return [...new Set(operations.map(({ pid }) => pid))].sort();
}

async function childrenOf({ child: { pid } }: Program): Promise<number[]> {
  const list = await readFile(`/proc/${pid}/task/${pid}/children`, "utf8").catch(() => "");
  return list.split(" ").filter(Boolean).map(Number).sort();
}

function isAlive(pid: number | undefined): boolean {
  try {
    return pid !== undefined && process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** Each request of this client has a connection of its own, which may come to another process. */
function client(): GraphqlClient {
  return new GraphqlClient({ url: `${origin}/graphql`, headers: { connection: "close" } });
}

function portOf(address: string): number {
  return Number(new URL(address).port);
}

async function metrics() {
  return readMetrics(await (await fetch(`${origin}/metrics`, { headers: { connection: "close" } })).text());
}

describe("a server with API_PROCESSES=2", () => {
  test("serves from two processes, on one port, and each line of the log tells which one wrote it", async () => {
    await start();
    for (let index = 0; index < 8; index++) await client().data(query);
    expect(children).toHaveLength(2);
    expect(await answerers()).toEqual(children);
    const health = await fetch(`${origin}/health/ready`);
    expect({ status: health.status, body: await health.json() }).toMatchObject({
      status: 200,
      body: { status: "ready" },
    });
    await server.stop();
    const pids = (await logOf(server)).map(({ pid }) => pid);
    expect([...new Set(pids)].sort()).toEqual([server.child.pid, ...children].sort());
  });

  test("gives ten seats to ten of a hundred people who press at once, whichever process they reach", async () => {
    await start(patience);
    const people = await makeCrowd(database, 100);
    const seminarId = await openSeminar(database, 10);
    const outcomes = await Promise.all(people.map((person) => pressJoin(`${origin}/graphql`, person, seminarId)));
    expect(tally(outcomes)).toEqual({ JoinSeminarSuccess: 10, SEMINAR_FULL: 90 });
    expect(await seatsTaken(database, seminarId)).toEqual({ counter: 10, rows: 10 });
    expect(await answerers()).toEqual(children);
  });

  test("counts as one, also after one of its processes has died", async () => {
    await start({ WORKER: "inline" });
    const people = await makeCrowd(database, 6);
    const seminarId = await openSeminar(database, 6);
    for (const person of people) await pressJoin(`${origin}/graphql`, person, seminarId);
    for (let index = 0; index < 6; index++) await client().data(query);
    await until(async () => sumOf(await metrics(), "seminar_job_seconds_count") >= 6);

    const before = await metrics();
    expect(await answerers()).toEqual(children);
    expect(sumOf(before, "seminar_operation_seconds_count", 'kind="mutation"')).toBe(6);
    expect(sumOf(before, "seminar_operation_seconds_count", 'kind="query"')).toBe(6);
    const { seminar_database_up: up, seminar_primary_missing: missing, seminar_jobs: jobs } = before;
    expect(Object.values(up?.values ?? {})).toEqual(database.replicaUrls.map(() => 1).concat(1));
    expect(missing?.values).toEqual({ seminar_primary_missing: 0 });
    const [queued] = await database.sql<{ count: number }>(
      "select count(*)::int as count from graphile_worker._private_jobs",
    );
    expect(Object.values(jobs?.values ?? {}).reduce((sum, value) => sum + value)).toBe(queued?.count);
    expect(sumOf(before, "seminar_pool_connections", 'lane="own"')).toBeGreaterThanOrEqual(2);

    process.kill(children[0] as number, "SIGKILL");
    await until(() => !isAlive(children[0]));
    await until(async () => (await metrics()).seminar_jobs !== undefined);
    expect(sumOf(await metrics(), "seminar_operation_seconds_count")).toBe(12);
    children = await twoOthersThan([children[0] as number]);
  });

  test("counts failures of log-in in all of its processes together", async () => {
    await start();
    const stranger = client();
    const attempt = async () => {
      const { body } = await stranger.send(logIn, { input: { login: "nobody", password: "wrong horse" } });
      return body.errors?.[0]?.extensions.code ?? body.data?.logIn.code;
    };
    const outcomes: string[] = [];
    for (let index = 0; index < 10; index++) outcomes.push(await attempt());
    expect(tally(outcomes)).toEqual({ WRONG_CREDENTIALS: 10 });
    expect(await answerers()).toEqual(children);
    for (let index = 0; index < 6; index++) expect(await attempt()).toBe("RATE_LIMITED");
    const limited = (await logOf(server)).filter(({ errors }) => String(errors) === "RATE_LIMITED");
    expect([...new Set(limited.map(({ pid }) => pid))].sort()).toEqual(children);
  });

  test("goes on without a process that has died, and puts another one in its place", async () => {
    await start();
    const [dead = 0, survivor = 0] = children;
    process.kill(dead, "SIGKILL");
    await until(() => !isAlive(dead));
    for (let index = 0; index < 4; index++) await client().data(query);
    expect(await answerers()).toContain(survivor);
    children = await twoOthersThan([dead]);
    expect(children).toContain(survivor);
    expect(await logOf(server)).toContainEqual(
      expect.objectContaining({ level: 50, pid: server.child.pid, ended: dead, signal: "SIGKILL" }),
    );
  });

  test("comes back on its port when all of its processes have died at once", async () => {
    await start();
    const dead = children;
    for (const pid of dead) process.kill(pid, "SIGKILL");
    children = await twoOthersThan(dead);
    expect((await fetch(`${origin}/health/ready`)).status).toBe(200);
    expect(await server.stop()).toMatchObject({ code: 0, stdout: expect.stringContaining('"stopped"') });
  });

  test.each([
    ["SIGTERM", "the parent", () => [server.child.pid]],
    [
      "SIGINT",
      "every process, as a terminal sends it, and twice",
      () => [...[server.child.pid, ...children], server.child.pid],
    ],
    ["SIGTERM", "every process, as a supervisor may send it", () => [...children, server.child.pid]],
  ] as const)("%s to %s: what was let in is answered, and nothing is left", async (signal, _whom, pids) => {
    await start();
    const join = await holdJoin(database, portOf(origin));
    for (const pid of pids()) process.kill(pid as number, signal);
    await untilRefused(portOf(origin));
    await join.release();

    expect(await join.answer).toEqual(lastAnswer);
    expect(await server.ended).toMatchObject({ code: 0, stdout: expect.stringContaining('"stopped"'), stderr: "" });
    expect(children.filter(isAlive)).toEqual([]);
    expect(await database.sql("select status from enrollments")).toEqual([{ status: "ACTIVE" }]);
  });

  test("leaves no process behind when it is killed itself, and answers what was let in", async () => {
    await start();
    const join = await holdJoin(database, portOf(origin));
    server.child.kill("SIGKILL");
    await untilRefused(portOf(origin));
    await join.release();
    expect(await join.answer).toEqual(lastAnswer);
    await until(() => !children.some(isAlive));
  });

  test("ends a process that does not end by itself", async () => {
    await start({ SHUTDOWN_TIMEOUT_MS: "100" });
    process.kill(children[0] as number, "SIGSTOP");
    expect(await server.stop()).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/"signal":"SIGKILL".*"stopped"/s),
    });
    expect(children.filter(isAlive)).toEqual([]);
  });

  test("that cannot serve tells why once, and ends with exit code 1", async () => {
    // Without replicas, which other tests may keep busy: the log tells of one that is behind.
    server = startServer({ HOST: "192.0.2.1", DATABASE_REPLICA_URLS: "" });
    children = [];
    const { code, stdout, stderr } = await server.ended;
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr.match(/This machine has no address 192\.0\.2\.1\./g)).toHaveLength(1);
    expect(stderr).not.toMatch(/^ +at /m);
  });
});

/** Resolves when there are two again, and these are not among them, and they serve. */
async function twoOthersThan(dead: readonly number[]): Promise<number[]> {
  let found: number[] = [];
  await until(async () => {
    found = (await childrenOf(server)).filter((pid) => !dead.includes(pid));
    if (found.length < 2) return false;
    await client()
      .send(query)
      .catch(() => {});
    const served = await answerers();
    return found.every((pid) => served.includes(pid));
  });
  return found;
}
