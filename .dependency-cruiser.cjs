/**
 * Imports point one way: main | cli -> app -> staff -> features -> platform.
 * @type {import("dependency-cruiser").IConfiguration}
 */
module.exports = {
  forbidden: [
    {
      name: "no-cycles",
      severity: "error",
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } },
    },
    {
      name: "platform-knows-no-feature",
      severity: "error",
      from: { path: "^src/platform/" },
      to: { path: "^src/", pathNot: "^src/platform/" },
    },
    {
      name: "features-know-neither-app-nor-staff",
      severity: "error",
      from: { path: "^src/(accounts|seminars|enrollment)/" },
      to: { path: "^src/", pathNot: "^src/(accounts|seminars|enrollment|platform)/" },
    },
    {
      name: "features-share-entities-loaders-and-jobs-only",
      severity: "error",
      from: { path: "^src/(accounts|seminars|enrollment)/" },
      to: { path: "^src/(accounts|seminars|enrollment)/", pathNot: ["^src/$1/", "\\.(entity|loaders|job)\\.ts$"] },
    },
    {
      name: "staff-does-not-know-app",
      severity: "error",
      from: { path: "^src/staff/" },
      to: { path: "^src/(app/|main|cli|config)" },
    },
    {
      name: "nobody-imports-an-entry",
      severity: "error",
      from: {},
      to: { path: "^src/(main|cli)\\.ts$" },
    },
    {
      name: "src-stands-without-bench-and-test",
      severity: "error",
      from: { path: "^src/" },
      to: { path: "^(bench|test)/" },
    },
    {
      name: "only-app-and-the-entries-read-the-config",
      severity: "error",
      from: { path: "^src/", pathNot: "^src/(app/|main|cli)" },
      to: { path: "^src/config\\.ts$" },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: { exportsFields: ["exports"], conditionNames: ["import", "node", "default"] },
  },
};
