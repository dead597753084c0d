import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { startScript } from "./support/programs.ts";

/** It makes a cluster of its own and builds the benchmarks. */
const patienceMs = 240_000;

describe("npm run bench", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "seminar-bench-"));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  test(
    "measures everybody joining one seminar, here and at the references, and finds every seat accounted for",
    async () => {
      const outcome = await bench("hot-join", "--quick", "--connections", "4", "--seconds", "0.3");

      expect(outcome).toMatchObject({ code: 0 });
      const results = path.join(folder, "results");
      const { name, groups } = JSON.parse(await readFile(path.join(results, "hot-join.json"), "utf8"));
      expect(name).toBe("hot-join");
      expect(groups).toHaveLength(1);
      expect(groups[0]).toMatchObject({ title: "4 connections", unit: "joins/s" });
      expect(groups[0].cases).toMatchObject([
        { name: "this server", isReference: false, errors: {}, ratios: [{ to: "textbook" }, { to: "plain SQL" }] },
        { name: "textbook", isReference: true, errors: {} },
        { name: "plain SQL", isReference: true, errors: {} },
      ]);
      for (const { value } of groups[0].cases) expect(value.median).toBeGreaterThan(0);
      expect(await readFile(path.join(results, "hot-join.svg"), "utf8")).toContain("plain SQL");
      expect(outcome.stdout).toContain(await readFile(path.join(results, "hot-join.md"), "utf8"));
      expect(await readdir(path.join(folder, "data"))).toEqual(["logs", "made-by-bench"]);
    },
    patienceMs,
  );

  /** Runs it to its end, with everything that it writes in the folder of this test. */
  function bench(...args: string[]) {
    const folders = ["--data-dir", path.join(folder, "data"), "--out", path.join(folder, "results")];
    return startScript("bench", {}, ["--", ...args, ...folders]).ended;
  }
});
