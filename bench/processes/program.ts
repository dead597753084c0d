import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { projectRoot } from "../options.ts";
import { peakMemoryMb, processorMs } from "./usage.ts";

/** A program of the build, running in a process of its own. */
export interface Program {
  /** Where it listens. */
  readonly origin: string;
  /** From its start until it could answer. */
  readonly startMs: number;
  /** The most memory that it and its children have had so far; null where the system does not tell. */
  peakMemoryMb(): Promise<number | null>;
  /** For how long it and its children have kept processors busy so far; null likewise. */
  processorMs(): Promise<number | null>;
  /** Resolves when it is gone. May be called again. */
  stop(): Promise<void>;
}

export interface ProgramOptions {
  /** The file of the build, from the project's root, and its arguments. */
  readonly args: readonly string[];
  readonly variables: Readonly<Record<string, string>>;
  /** The path that is answered with 200 when it is ready; null: it is ready when it runs. */
  readonly readyPath: string | null;
  readonly logFile: string;
  readonly signal: AbortSignal;
}

const maxStartMs = 30_000;
const maxStopMs = 15_000;

/**
 * Starts it on a free port of loopback, with these variables only, and resolves when it is ready.
 * @throws with the end of its log when it does not become ready
 */
export async function startProgram(options: ProgramOptions): Promise<Program> {
  const port = await freePort();
  const origin = `http://127.0.0.1:${port}`;
  const startedAt = performance.now();
  const child = run(options, port);
  const stop = stopper(child);
  try {
    if (options.readyPath) await whenReady(child, `${origin}${options.readyPath}`, options.signal);
  } catch (error) {
    await stop();
    const log = (await readFile(options.logFile, "utf8")).slice(-4_000);
    throw new Error(`${options.args[0]} did not start: ${(error as Error).message}\n${log}`);
  }
  const pid = child.pid as number;
  return {
    origin,
    startMs: performance.now() - startedAt,
    peakMemoryMb: () => peakMemoryMb(pid),
    processorMs: () => processorMs(pid),
    stop,
  };
}

function run({ args, variables, logFile }: ProgramOptions, port: number): ChildProcess {
  const log = openSync(logFile, "a");
  const child = spawn(process.execPath, ["--enable-source-maps", ...args], {
    cwd: projectRoot,
    env: { PATH: process.env.PATH, HOST: "127.0.0.1", PORT: String(port), ...variables },
    stdio: ["ignore", log, log],
    // Ctrl-C comes to everything that a terminal runs; the bench ends its programs itself, in good order.
    detached: true,
  });
  closeSync(log);
  const kill = () => child.kill("SIGKILL");
  process.once("exit", kill);
  child.once("exit", () => process.off("exit", kill));
  return child;
}

function stopper(child: ChildProcess): () => Promise<void> {
  const exited = once(child, "exit");
  return async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill("SIGTERM");
    const overdue = setTimeout(() => child.kill("SIGKILL"), maxStopMs);
    await exited;
    clearTimeout(overdue);
  };
}

async function whenReady(child: ChildProcess, url: string, signal: AbortSignal): Promise<void> {
  const deadline = performance.now() + maxStartMs;
  while (performance.now() < deadline) {
    signal.throwIfAborted();
    if (child.exitCode !== null || child.signalCode !== null) throw new Error("it ended");
    const isReady = await fetch(url, { headers: { "apollo-require-preflight": "yes" } }).then(
      async (response) => {
        await response.text();
        return response.ok;
      },
      () => false,
    );
    if (isReady) return;
    await sleep(10);
  }
  throw new Error(`it was not ready within ${maxStartMs / 1000} s`);
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, "close");
  return port;
}
