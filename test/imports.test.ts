import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { describe, expect, test } from "@jest/globals";

const projectRoot = path.resolve(import.meta.dirname, "..");

interface Violation {
  rule: string;
  from: string;
  to: string;
}

/** What breaks the rules among the imports of `src` below a folder. */
async function violations(root: string): Promise<Violation[]> {
  const { stdout } = await promisify(execFile)(
    path.join(projectRoot, "node_modules/.bin/depcruise"),
    ["src", "--config", path.join(projectRoot, ".dependency-cruiser.cjs"), "--output-type", "json"],
    { cwd: root, maxBuffer: 64 * 1024 * 1024 },
  ).catch((error: { stdout: string }) => error);
  const report = JSON.parse(stdout) as {
    summary: { violations: { rule: { name: string }; from: string; to: string }[] };
  };
  return report.summary.violations.map(({ rule, from, to }) => ({ rule: rule.name, from, to }));
}

/** A small project in which each of these files imports the other one. */
async function makeProject(root: string, imports: readonly (readonly [string, string])[]): Promise<void> {
  await writeFile(path.join(root, "tsconfig.json"), "{}");
  for (const [importer, imported] of imports) {
    for (const file of [importer, imported]) await mkdir(path.dirname(path.join(root, file)), { recursive: true });
    await writeFile(path.join(root, imported), "export const one = 1;\n");
    const way = path.relative(path.dirname(importer), imported);
    await writeFile(path.join(root, importer), `import "${way.startsWith(".") ? way : `./${way}`}";\n`);
  }
}

const forbidden = [
  ["src/platform/a.ts", "src/accounts/users/user.entity.ts", "platform-knows-only-what-is-below-it"],
  ["src/accounts/a.ts", "src/app/entities.ts", "accounts-knows-only-what-is-below-it"],
  ["src/accounts/b.ts", "src/catalogue/seminar.entity.ts", "accounts-knows-only-what-is-below-it"],
  ["src/catalogue/a.ts", "src/enrollment/enrollment.entity.ts", "catalogue-knows-only-what-is-below-it"],
  ["src/enrollment/a.ts", "src/seminars/update-seminar.ts", "enrollment-knows-only-what-is-below-it"],
  ["src/seminars/a.ts", "src/config.ts", "seminars-knows-only-what-is-below-it"],
  ["src/staff/a.ts", "src/app/schema.ts", "staff-knows-only-what-is-below-it"],
  ["src/embedded-cluster/a.ts", "src/app/entities.ts", "embedded-cluster-knows-only-the-platform"],
  ["src/platform/b.ts", "src/embedded-cluster/start-primary.ts", "only-the-start-opens-the-embedded-cluster"],
  ["src/app/a.ts", "src/main.ts", "nothing-imports-an-entry"],
  ["src/app/c.ts", "src/child.ts", "nothing-imports-an-entry"],
  ["src/platform/c.ts", "bench/main.ts", "src-stands-without-bench-and-test"],
] as const;
const allowed = [
  ["src/accounts/c.ts", "src/platform/locale.ts"],
  ["src/catalogue/b.ts", "src/accounts/users/user.loaders.ts"],
  ["src/enrollment/b.ts", "src/catalogue/lock-seminar.ts"],
  ["src/seminars/b.ts", "src/enrollment/waiting-list/promote-waiting-list.job.ts"],
  ["src/staff/b.ts", "src/seminars/cancel-seminar.ts"],
  ["src/app/b.ts", "src/accounts/sign-up.ts"],
] as const;

describe("the imports of src", () => {
  test("point one way, from the entries down to the platform", async () => {
    expect(await violations(projectRoot)).toEqual([]);
  });

  test("are judged by rules that find each wrong way, and no right one", async () => {
    const root = await mkdtemp(path.join(tmpdir(), "seminar-imports-"));
    try {
      await makeProject(root, [...forbidden.map(([from, to]) => [from, to] as const), ...allowed]);
      const found = await violations(root);
      for (const [from, to, rule] of forbidden) expect(found).toContainEqual({ rule, from, to });
      const wronglyFound = found.filter(({ from }) => allowed.some(([importer]) => importer === from));
      expect(wronglyFound).toEqual([]);
    } finally {
      await rm(root, { recursive: true });
    }
  });
});
