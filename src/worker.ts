// Before everything that has decorators.
import "reflect-metadata";
import { stopOnSignals } from "./app/stop-on-signals.ts";
import { tellFault } from "./app/tell-fault.ts";

const stopping = stopOnSignals();
try {
  // All the rest takes a moment to load, in which no signal may be lost.
  const { work } = await import("./app/work.ts");
  await work(stopping);
} catch (error) {
  if (!stopping.aborted) tellFault(error);
}
