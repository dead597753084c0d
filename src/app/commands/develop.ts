import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { stdout } from "node:process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { stripVTControlCharacters } from "node:util";

const compilerEntry = fileURLToPath(import.meta.resolve("typescript/bin/tsc"));
const serverEntry = path.resolve(import.meta.dirname, "../../main.js");

/** Compiles, and compiles again on every change; runs the server anew whenever no fault is found. */
export async function develop(stopping: AbortSignal): Promise<void> {
  // Not with -b, which loses a change that is made while it compiles.
  const compiler = spawn(process.execPath, [compilerEntry, "--watch", "--preserveWatchOutput", "--pretty"], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  stopping.addEventListener("abort", () => compiler.kill());
  let server: ChildProcess | null = null;
  for await (const line of createInterface({ input: compiler.stdout })) {
    if (stopping.aborted) continue;
    if (line) stdout.write(`${line}\n`);
    if (!stripVTControlCharacters(line).includes("Found 0 errors")) continue;
    await end(server);
    server = startServer(stopping);
  }
  await end(server);
  if (!stopping.aborted) throw new Error("The compiler has ended.");
}

function startServer(stopping: AbortSignal): ChildProcess {
  const server = spawn(process.execPath, ["--enable-source-maps", serverEntry], { stdio: "inherit" });
  server.once("exit", (code) => {
    if (code !== 0 && !stopping.aborted) stdout.write("The server has ended. The next change starts it again.\n");
  });
  return server;
}

async function end(server: ChildProcess | null): Promise<void> {
  if (!server || server.exitCode !== null || server.signalCode !== null) return;
  const ended = once(server, "exit");
  server.kill("SIGTERM");
  await ended;
}
