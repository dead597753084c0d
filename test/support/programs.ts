import { type ChildProcess, execFile, spawn } from "node:child_process";
import { EventEmitter, once } from "node:events";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { findPostmaster } from "../../src/embedded-cluster/postgres/postmaster.ts";

export const projectRoot = path.resolve(import.meta.dirname, "../..");

type Variables = Record<string, string>;

/** How a program ended, and what it wrote. */
export interface Outcome {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** A program of the build in a process of its own. */
export interface Program {
  readonly child: ChildProcess;
  /** Resolves when it has written this, with what it has written so far; rejects when it ends before. */
  hasWritten(text: string): Promise<string>;
  readonly ended: Promise<Outcome>;
  /** Asks it to end, and resolves when it has. */
  stop(signal?: NodeJS.Signals): Promise<Outcome>;
}

/** Starts `dist/main.js`, `dist/worker.js` or `dist/cli.js` with these variables only. */
export function startProgram(entry: "main" | "worker" | "cli", args: readonly string[], variables: Variables): Program {
  return start(process.execPath, [path.join(projectRoot, `dist/${entry}.js`), ...args], variables);
}

/** Starts a script of package.json as a person does. */
export function startScript(script: string, variables: Variables, args: readonly string[] = []): Program {
  return start("npm", ["run", script, ...args], variables);
}

/** Runs a command of `dist/cli.js` to its end. */
export async function runCommand(args: readonly string[], variables: Variables, input = ""): Promise<Outcome> {
  const program = startProgram("cli", args, variables);
  program.child.stdin?.end(input);
  return await program.ended;
}

function start(command: string, args: readonly string[], variables: Variables): Program {
  const { PATH, HOME } = process.env;
  const child = spawn(command, args, { cwd: projectRoot, env: { PATH, HOME, PORT: "0", ...variables } });
  const written = { stdout: "", stderr: "" };
  const writing = new EventEmitter();
  for (const stream of ["stdout", "stderr"] as const) {
    child[stream].on("data", (chunk) => {
      written[stream] += chunk;
      writing.emit("more");
    });
  }
  // Who does not read its input ends before it was written.
  child.stdin.on("error", () => {});
  const ended = once(child, "close").then(([code]) => ({ code, ...written }));
  return {
    child,
    ended,
    async hasWritten(text) {
      while (!(written.stdout + written.stderr).includes(text)) {
        const outcome = await Promise.race([ended, once(writing, "more")]);
        if ("code" in outcome) throw new Error(`It ended before it wrote "${text}":\n${JSON.stringify(outcome)}`);
      }
      return written.stdout;
    },
    stop(signal = "SIGTERM") {
      child.kill(signal);
      return ended;
    },
  };
}

/** What the summary of a start tells. */
export interface Summary {
  readonly text: string;
  readonly origin: string;
  /** With these a second server can be started. */
  readonly databases: { DATABASE_URL: string; DATABASE_REPLICA_URLS: string; AUDIT_DATABASE_URL: string };
}

/** Resolves when the server serves. */
export async function summaryOf(program: Program): Promise<Summary> {
  const text = await program.hasWritten("Ctrl-C stops everything.");
  const lineOf = (name: string) => text.match(new RegExp(`^${name}=(.*)$`, "m"))?.[1] ?? "";
  return {
    text,
    origin: text.match(/http:\/\/localhost:\d+/)?.[0] ?? "",
    databases: {
      DATABASE_URL: lineOf("DATABASE_URL"),
      DATABASE_REPLICA_URLS: lineOf("DATABASE_REPLICA_URLS"),
      AUDIT_DATABASE_URL: lineOf("AUDIT_DATABASE_URL"),
    },
  };
}

/** A data folder of one test and what the test runs on it; afterwards nothing of it is left. */
export class DataFolder {
  readonly variables: { NODE_ENV: string; DATA_DIR: string };
  readonly #path: string;
  readonly #programs: Program[] = [];

  private constructor(folder: string) {
    this.#path = folder;
    this.variables = { NODE_ENV: "development", DATA_DIR: folder };
  }

  /** An empty one, or one with the same data as another, on which nothing runs now. */
  static async make(source?: DataFolder): Promise<DataFolder> {
    const folder = await mkdtemp(path.join(tmpdir(), "data-"));
    await chmod(folder, 0o755);
    if (source) await promisify(execFile)("cp", ["-Rp", path.join(source.#path, "postgres"), folder]);
    return new DataFolder(folder);
  }

  /** Starts the server on it. */
  serve(variables: Variables = {}): Program {
    return this.track(startProgram("main", [], { ...this.variables, ...variables }));
  }

  track(program: Program): Program {
    this.#programs.push(program);
    return program;
  }

  /** Whether a PostgreSQL server runs on it. */
  async isInUse(): Promise<boolean> {
    const servers = ["primary", "replica-1"].map((name) => findPostmaster(path.join(this.#path, "postgres", name)));
    return (await Promise.all(servers)).some((pid) => pid !== null);
  }

  async remove(): Promise<void> {
    for (const program of this.#programs) if (program.child.exitCode === null) await program.stop();
    await rm(this.#path, { recursive: true, force: true, maxRetries: 5 });
  }
}
