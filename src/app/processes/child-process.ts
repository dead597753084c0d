import cluster from "node:cluster";
import path from "node:path";
import { type Call, openCalls } from "./process-calls.ts";
import type { ParentCalls, ServingCalls } from "./run-child.ts";

const entry = path.resolve(import.meta.dirname, "../../child.js");

/** How a process ended. */
export interface End {
  readonly code: number | null;
  readonly signal: string | null;
  readonly livedMs: number;
}

/** A child of this process that serves. */
export class ServingProcess {
  readonly pid: number | undefined;
  /** Asks it for something; rejects with its fault, or when it ends. */
  readonly call: Call<ServingCalls>;
  readonly ended: Promise<End>;
  isServing = false;
  readonly #process;

  /** @param mine what it may ask of this process */
  constructor(mine: ParentCalls) {
    cluster.setupPrimary({ exec: entry, args: [], serialization: "advanced" });
    const beganAt = performance.now();
    const worker = cluster.fork();
    this.#process = worker.process;
    this.pid = worker.process.pid;
    this.call = openCalls(worker.process, mine);
    this.ended = new Promise((resolve) => {
      const end = (code: number | null, signal: string | null) =>
        resolve({ code, signal, livedMs: performance.now() - beganAt });
      worker.once("exit", end);
      // Who has no number never began. Of the rest of the errors its end tells, if it is one.
      worker.on("error", () => this.pid === undefined && end(null, null));
    });
  }

  /** Starts to serve, and tells the address. */
  async listen(port: number): Promise<string> {
    const address = await this.call("listen", port);
    this.isServing = true;
    return address;
  }

  /** Has it let nothing in any more, answer what was let in, and end. May be called again. */
  release(): void {
    if (this.#process.connected) this.#process.disconnect();
  }

  /** Ends it at once. */
  kill(): void {
    this.#process.kill("SIGKILL");
  }
}
