import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdtemp, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { afterAll, jest } from "@jest/globals";
import pg from "pg";
import { stopOrphanedServers } from "../../src/embedded-cluster/postgres/orphaned-servers.ts";
import { readPidFile } from "../../src/embedded-cluster/postgres/postmaster.ts";
import { childrenOf } from "../../src/embedded-cluster/postgres/process-table.ts";
import {
  type EmbeddedCluster,
  type EmbeddedClusterOptions,
  type EmbeddedServer,
  startEmbeddedCluster,
} from "../../src/embedded-cluster/start-embedded-cluster.ts";

/** Less work for the disk; nobody needs the data of a test after a power cut. */
export const quickSettings = { fsync: "off", wal_init_zero: "off", wal_recycle: "off" };

const run = promisify(execFile);

/** A data folder of one test, with all that the test runs on it. */
export interface World {
  readonly dataDir: string;
  /** The folder of the cluster inside the data folder. */
  readonly folder: string;
  /** What the starts of this test said. */
  readonly steps: string[];
  start(options?: Partial<EmbeddedClusterOptions>): Promise<EmbeddedCluster>;
  /** Runs the cluster in a process of its own, and resolves when that says a line starting like this. */
  startElsewhere(untilItSays?: string): Promise<ChildProcess>;
}

jest.setTimeout(30_000);

let template: Promise<string> | null = null;

afterAll(async () => {
  if (template) await removeFolder(await template);
});

/** Lends a test a world whose cluster has run before, and leaves nothing of it, whatever the test did. */
export async function inWorld(test: (world: World) => Promise<void>): Promise<void> {
  template ??= makeTemplate();
  const source = await template;
  await inEmptyWorld(async (world) => {
    await run("cp", ["-Rp", join(source, "postgres"), world.dataDir]);
    await test(world);
  });
}

/** Lends a test a world that has no cluster yet. */
export async function inEmptyWorld(test: (world: World) => Promise<void>): Promise<void> {
  const dataDir = await makeFolder();
  const clusters: EmbeddedCluster[] = [];
  const processes: ChildProcess[] = [];
  const steps: string[] = [];
  const world: World = {
    dataDir,
    folder: join(dataDir, "postgres"),
    steps,
    async start(options) {
      const cluster = await startEmbeddedCluster({
        dataDir,
        replicas: 1,
        settings: quickSettings,
        onProgress: (step) => steps.push(step),
        ...options,
      });
      clusters.push(cluster);
      return cluster;
    },
    async startElsewhere(untilItSays = "running") {
      const child = spawn(process.execPath, [join(import.meta.dirname, "run-cluster.fixture.ts"), dataDir], {
        stdio: ["ignore", "pipe", "inherit"],
      });
      processes.push(child);
      for await (const line of createInterface(child.stdout)) if (line.startsWith(untilItSays)) return child;
      throw new Error(`The process ended before it said "${untilItSays}".`);
    },
  };
  try {
    await test(world);
  } finally {
    for (const cluster of clusters) await cluster.stop();
    for (const child of processes) await end(child, "SIGKILL");
    await stopOrphanedServers(world.folder, () => undefined).catch(() => undefined);
    await removeFolder(dataDir);
  }
}

/** Making a cluster takes seconds, copying one does not: the tests of a file share what one of them made. */
async function makeTemplate(): Promise<string> {
  const dataDir = await makeFolder();
  const cluster = await startEmbeddedCluster({ dataDir, replicas: 1, settings: quickSettings });
  await cluster.stop();
  return dataDir;
}

async function makeFolder(): Promise<string> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), "embedded-")));
  await chmod(folder, 0o755);
  return folder;
}

async function removeFolder(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
}

/** Sends the signal and waits for the end of the process. */
export async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, "exit");
  child.kill(signal);
  await ended;
}

/** The rows of one query on a server. */
export async function query(server: Pick<EmbeddedServer, "url">, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: server.url("postgres") });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

/** Resolves when the query gives these rows on the server; fails when it does not within seconds. */
export async function waitForRows(
  server: Pick<EmbeddedServer, "url">,
  sql: string,
  expected: Record<string, unknown>[],
): Promise<void> {
  const deadline = Date.now() + 5_000;
  for (;;) {
    const rows = await query(server, sql).catch((error: unknown) => String(error));
    if (JSON.stringify(rows) === JSON.stringify(expected)) return;
    if (Date.now() > deadline) throw new Error(`Still ${JSON.stringify(rows)} for: ${sql}`);
    await sleep(20);
  }
}

/** The processes of the servers with these names. */
export async function processesOf({ folder }: World, names: readonly string[]): Promise<number[]> {
  const families = names.map(async (name) => {
    const pid = (await readPidFile(join(folder, name)))?.pid;
    return pid === undefined ? [] : [pid, ...(await childrenOf(pid))];
  });
  return (await Promise.all(families)).flat();
}
