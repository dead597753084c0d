import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { createInterface } from "node:readline";

const projectRoot = path.resolve(import.meta.dirname, "../..");

/** A server in a process of its own, started from the build as in production. */
export interface SpawnedServer {
  /** The address of its graph. */
  readonly url: string;
  /** What it wrote so far, a line each. */
  readonly logLines: readonly string[];
  /** Ends it as a power cut would, and resolves when it is gone. */
  kill(): Promise<void>;
  /** Ends it in good order, and resolves when it is gone. */
  stop(): Promise<void>;
}

/** Starts `dist/main.js` in the test environment, with these variables, on a free port; resolves when it serves. */
export async function spawnServer(variables: Record<string, string>): Promise<SpawnedServer> {
  const child = spawn(process.execPath, [path.join(projectRoot, "dist/main.js")], {
    cwd: projectRoot,
    env: { PATH: process.env.PATH, NODE_ENV: "test", LOG_LEVEL: "info", PORT: "0", ...variables },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const exited = once(child, "exit");
  const logLines: string[] = [];
  createInterface({ input: child.stderr }).on("line", (line) => logLines.push(line));
  const end = async (signal: NodeJS.Signals) => {
    child.kill(signal);
    await exited;
  };
  return {
    url: `${await addressOf(child, logLines)}/graphql`,
    logLines,
    kill: () => end("SIGKILL"),
    stop: () => end("SIGTERM"),
  };
}

function addressOf(child: ChildProcess, logLines: string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    child.once("exit", (code) => reject(new Error(`The server ended with ${code}:\n${logLines.join("\n")}`)));
    createInterface({ input: child.stdout as NonNullable<typeof child.stdout> }).on("line", (line) => {
      logLines.push(line);
      const [, address] = line.match(/"address":"([^"]+)".*"serving"/) ?? [];
      if (address) resolve(address);
    });
  });
}
