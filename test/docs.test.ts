import { access, readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, test } from "@jest/globals";

const projectRoot = path.resolve(import.meta.dirname, "..");

async function pages(): Promise<string[]> {
  const inDocs = await readdir(path.join(projectRoot, "docs"), { recursive: true });
  const atTop = await readdir(projectRoot);
  return [...inDocs.map((file) => `docs/${file}`), ...atTop].filter((file) => file.endsWith(".md"));
}

/** The anchor that a heading gets on the usual sites. */
function anchorOf(heading: string): string {
  const text = heading.replace(/^#+\s*/, "").toLowerCase();
  return text.replace(/[^\p{L}\p{N}\s_-]/gu, "").replace(/\s/g, "-");
}

async function isThere(file: string): Promise<boolean> {
  return await access(file).then(
    () => true,
    () => false,
  );
}

async function brokenLinks(page: string): Promise<string[]> {
  const text = await readFile(path.join(projectRoot, page), "utf8");
  const links = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = ""]) => link);
  const broken: string[] = [];
  for (const link of links.filter((one) => !/^[a-z]+:/.test(one))) {
    const [file = "", anchor] = link.split("#");
    const target = file === "" ? path.join(projectRoot, page) : path.resolve(projectRoot, path.dirname(page), file);
    if (!(await isThere(target))) broken.push(link);
    else if (anchor && target.endsWith(".md")) {
      const headings = (await readFile(target, "utf8")).match(/^#+ .*$/gm) ?? [];
      if (!headings.some((heading) => anchorOf(heading) === anchor)) broken.push(link);
    }
  }
  return broken;
}

describe("the documents", () => {
  test("have no link to a file or a heading that does not exist", async () => {
    const found = await Promise.all((await pages()).map(async (page) => [page, await brokenLinks(page)] as const));
    expect(found.filter(([, links]) => links.length > 0)).toEqual([]);
  });

  test("start with a README of at most 150 lines", async () => {
    expect((await readFile(path.join(projectRoot, "README.md"), "utf8")).split("\n").length).toBeLessThanOrEqual(151);
  });
});
