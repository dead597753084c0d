// Before everything that has decorators.
import "reflect-metadata";
import cluster from "node:cluster";
import { stopWithParent } from "./app/stop-on-signals.ts";

// Else Node ends this process in the moment in which the parent is gone, with whatever is in flight.
if (cluster.worker) cluster.worker.exitedAfterDisconnect = true;
const stopping = stopWithParent();
// All the rest takes a moment to load, in which no signal may be lost.
const { serveForParent } = await import("./app/serve-for-parent.ts");
await serveForParent(stopping);
