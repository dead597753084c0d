import type { Workload } from "../workload.ts";

export const coldStart: Workload = {
  name: "cold-start",
  shows: "From the start of the process until /health/ready answers 200, on databases that are up to date.",
  async prepare(bench) {
    const database = await bench.database();
    const run = async () => {
      const server = await bench.startServer(database);
      await server.stop();
      return { value: server.startMs, errors: {} };
    };
    return [{ title: "start", unit: "ms until ready", needsWarmUp: true, cases: [{ name: "this server", run }] }];
  },
};
