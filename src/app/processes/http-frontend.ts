import type { Topology } from "../../platform/database/routing/topology/topology.ts";
import type { Metrics } from "../../platform/metrics.ts";

/** What serves on the port: this process, or several of them as one. */
export interface Serving {
  /** Where this process counts. */
  readonly metrics: Metrics;
  /** The watch of the databases, if this process has one for serving. */
  readonly topology?: Topology;
  /** Starts to serve and tells the address. */
  listen(): Promise<string>;
  /** Lets nothing in any more, and answers what was let in. */
  drain(): Promise<void>;
  /** Drains, unless that is done already, then closes every connection. */
  close(): Promise<void>;
}
