// Before everything that has decorators.
import "reflect-metadata";
import cluster from "node:cluster";
import { stopWithParent } from "./app/startup/stop-on-signals.ts";

if (cluster.worker) {
  // Else Node ends this process in the moment in which the parent is gone, with whatever is in flight.
  cluster.worker.exitedAfterDisconnect = true;
  // What cannot be told to a parent that closes the channel: the end of the channel says all.
  cluster.worker.on("error", () => {});
}
const stopping = stopWithParent();
// All the rest takes a moment to load, in which no signal may be lost.
const { serveForParent } = await import("./app/processes/run-child.ts");
await serveForParent(stopping);
