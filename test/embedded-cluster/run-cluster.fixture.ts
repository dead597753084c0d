import { startEmbeddedCluster } from "../../src/embedded-cluster/start-embedded-cluster.ts";

// A process that runs a cluster on the folder it is given, tells each step, and goes on until it is ended.
const [dataDir = ""] = process.argv.slice(2);
const cluster = await startEmbeddedCluster({
  dataDir,
  replicas: 1,
  settings: { fsync: "off", wal_init_zero: "off" },
  onProgress: (step) => console.log(step),
});
console.log(`running ${cluster.primary.url("postgres")}`);
process.once("SIGTERM", () => void cluster.stop().then(() => process.exit(0)));
process.once("SIGUSR2", () => process.exit(1));
setInterval(() => undefined, 1_000);
