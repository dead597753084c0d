import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { describe, expect, test } from "@jest/globals";

const projectRoot = path.resolve(import.meta.dirname, "..");

/** The codes that files below a folder cite; a range such as J3-J8 cites all that it spans. */
async function citedCodes(folder: string): Promise<Set<string>> {
  const { stdout } = await promisify(execFile)("grep", ["-rhoE", String.raw`\b[ASJD][1-9](-[ASJD][1-9])?\b`, folder], {
    cwd: projectRoot,
  });
  return new Set(stdout.trim().split("\n").flatMap(spanned));
}

function spanned(citation: string): string[] {
  const [first = "", last = first] = citation.split("-");
  const [from, to] = [Number(first.slice(1)), Number(last.slice(1))];
  return Array.from({ length: to - from + 1 }, (_, index) => `${first[0]}${from + index}`);
}

async function definedRules(): Promise<string[]> {
  const page = await readFile(path.join(projectRoot, "docs/rules.md"), "utf8");
  return [...page.matchAll(/^- \*\*([ASJD]\d)\*\*/gm)].map(([, code = ""]) => code);
}

describe("the rules page", () => {
  test("defines each rule once", async () => {
    const rules = await definedRules();
    expect(rules).toHaveLength(new Set(rules).size);
    expect(rules).toEqual(expect.arrayContaining(["A1", "S1", "J1", "D1"]));
  });

  test("defines every rule that the source cites", async () => {
    const rules = await definedRules();
    expect([...(await citedCodes("src"))].filter((code) => !rules.includes(code))).toEqual([]);
  });

  test("has no rule that no test cites", async () => {
    const cited = await citedCodes("test");
    expect((await definedRules()).filter((code) => !cited.has(code))).toEqual([]);
  });
});
