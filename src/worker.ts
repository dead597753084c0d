// Before everything that has decorators.
import "reflect-metadata";
import { printError } from "./app/startup/print-error.ts";
import { stopOnSignals } from "./app/startup/stop-on-signals.ts";

const stopping = stopOnSignals();
try {
  // All the rest takes a moment to load, in which no signal may be lost.
  const { work } = await import("./app/processes/run-worker-process.ts");
  await work(stopping);
} catch (error) {
  if (!stopping.aborted) printError(error);
}
