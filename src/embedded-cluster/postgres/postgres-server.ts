import { type ChildProcess, execFile, spawn } from "node:child_process";
import { type FileHandle, open } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import pRetry from "p-retry";
import { databaseUrl } from "../folder/cluster-state.ts";
import { stopAtExit } from "../stop-at-exit.ts";
import { stopOrphanedServer } from "./orphaned-servers.ts";
import type { PostgresBinaries } from "./postgres-binaries.ts";
import { killPostmaster, readPidFile, type StopMode, stopPostmaster } from "./postmaster.ts";
import { giveTo, type ServerAccount } from "./server-account.ts";
import { serverEnvironment } from "./server-environment.ts";

/** What the servers of one cluster have in common. */
export interface ClusterContext {
  /** The real path of the cluster's folder. */
  readonly folder: string;
  readonly account: ServerAccount;
  readonly binaries: PostgresBinaries;
  readonly password: string;
  readonly settings: Readonly<Record<string, string>>;
  readonly onProgress: (step: string) => void;
}

const run = promisify(execFile);
// Long enough to replay the WAL of a crash on a slow disk.
const startTimeoutMs = 60_000;
const logLimitBytes = 10_000_000;
// The children of a killed server hold its memory for a moment longer; somebody's connection may pass through its port.
const transientFaults = ["pre-existing shared memory block", "could not bind", '"postmaster.pid" already exists'];

/** One PostgreSQL server on a data folder that exists. */
export class PostgresServer {
  readonly name: string;
  readonly dataFolder: string;
  readonly port: number;
  readonly #context: ClusterContext;
  #child: ChildProcess | null = null;
  #starting: Promise<void> | null = null;

  constructor(name: string, port: number, context: ClusterContext) {
    this.name = name;
    this.port = port;
    this.dataFolder = join(context.folder, name);
    this.#context = context;
  }

  /** The process of the running server, or null. */
  get pid(): number | null {
    return this.#child?.pid ?? null;
  }

  url(database: string): string {
    return databaseUrl(this.port, this.#context.password, database);
  }

  /** Starts it unless it runs, and resolves when it accepts connections. */
  async start(): Promise<void> {
    if (this.#child && !this.#starting) return;
    this.#starting ??= this.#launchPatiently().finally(() => {
      this.#starting = null;
    });
    await this.#starting;
  }

  /** Stops it when it runs, and resolves when it is gone. */
  async stop(mode: StopMode): Promise<void> {
    if (this.pid !== null) await stopPostmaster(this.pid, mode);
    this.#child = null;
  }

  /** Ends it as a power cut would, and resolves when its processes are gone. */
  async kill(): Promise<void> {
    if (this.pid !== null) await killPostmaster(this.pid);
    this.#child = null;
  }

  /** Makes a replica a primary, and resolves when it takes writes. At the next start it is made anew as a replica. */
  async promote(): Promise<void> {
    const { account, binaries } = this.#context;
    const options = { ...account, cwd: "/", env: serverEnvironment };
    await run(binaries.pgCtl, ["promote", "-D", this.dataFolder, "-t", "30"], options);
  }

  async #launchPatiently(): Promise<void> {
    const launch = async (): Promise<void> => {
      await stopOrphanedServer(this.dataFolder);
      await this.#launch();
    };
    await pRetry(launch, {
      retries: 20,
      minTimeout: 100,
      factor: 1,
      shouldRetry: ({ error }) => transientFaults.some((fault) => error.message.includes(fault)),
    });
  }

  async #launch(): Promise<void> {
    const { account, binaries } = this.#context;
    const log = await this.#openLog();
    try {
      const logStart = (await log.stat()).size;
      // A session of its own: Ctrl-C in the terminal must not reach it before our server has drained.
      const child = spawn(binaries.postgres, ["-D", this.dataFolder, "-p", String(this.port)], {
        ...account,
        cwd: "/",
        env: serverEnvironment,
        detached: true,
        stdio: ["ignore", log.fd, log.fd],
      });
      child.unref();
      this.#adopt(child);
      await this.#waitUntilReady(child, log, logStart);
    } finally {
      await log.close();
    }
  }

  #adopt(child: ChildProcess): void {
    this.#child = child;
    stopAtExit(child);
    const forget = (): void => {
      if (this.#child === child) this.#child = null;
    };
    child.once("exit", forget).once("error", forget);
  }

  async #waitUntilReady(child: ChildProcess, log: FileHandle, logStart: number): Promise<void> {
    const deadline = Date.now() + startTimeoutMs;
    while (this.#child === child && Date.now() < deadline) {
      const file = await readPidFile(this.dataFolder);
      if (file?.pid === child.pid && file?.acceptsConnections) return;
      await sleep(15);
    }
    const outcome = this.#child === child ? "did not become ready" : "ended at its start";
    await this.kill();
    throw new Error(`The PostgreSQL server ${this.name} ${outcome}:\n${await readTail(log, logStart)}`);
  }

  async #openLog(): Promise<FileHandle> {
    const path = join(this.#context.folder, `${this.name}.log`);
    const log = await open(path, "a+", 0o600);
    await giveTo(this.#context.account, path);
    if ((await log.stat()).size > logLimitBytes) await log.truncate();
    return log;
  }
}

async function readTail(log: FileHandle, start: number): Promise<string> {
  const { size } = await log.stat();
  const length = Math.min(size - start, 2_000);
  const { buffer } = await log.read(Buffer.alloc(length), 0, length, size - length);
  return buffer.toString().trim();
}
