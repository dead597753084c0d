/**
 * Imports point one way: entries -> app -> staff -> seminars -> enrollment -> catalogue -> accounts -> platform.
 * @type {import("dependency-cruiser").IConfiguration}
 */
const layers = ["app", "staff", "seminars", "enrollment", "catalogue", "accounts", "platform"];
const entries = "^src/(main|worker|child|cli)\\.ts$";

module.exports = {
  forbidden: [
    { name: "no-cycles", severity: "error", from: {}, to: { circular: true } },
    ...layers.slice(1).map((layer, index) => ({
      name: `${layer}-knows-only-what-is-below-it`,
      severity: "error",
      from: { path: `^src/${layer}/` },
      to: { path: "^src/", pathNot: `^src/(${layers.slice(index + 1).join("|")})/` },
    })),
    {
      name: "embedded-cluster-knows-only-the-platform",
      severity: "error",
      from: { path: "^src/embedded-cluster/" },
      to: { path: "^src/", pathNot: "^src/(embedded-cluster|platform)/" },
    },
    {
      name: "only-the-start-opens-the-embedded-cluster",
      severity: "error",
      from: { path: "^src/", pathNot: "^src/(embedded-cluster/|app/startup/open-databases\\.ts$)" },
      to: { path: "^src/embedded-cluster/" },
    },
    {
      name: "nothing-imports-an-entry",
      severity: "error",
      from: {},
      to: { path: entries },
    },
    {
      name: "src-stands-without-bench-and-test",
      severity: "error",
      from: { path: "^src/" },
      to: { path: "^(bench|test)/" },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: { exportsFields: ["exports"], conditionNames: ["import", "node", "default"] },
  },
};
