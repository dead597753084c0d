import { readFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, test } from "@jest/globals";
import { printedSchema } from "../../src/app/commands/print-schema.ts";

const schemaFile = path.resolve(import.meta.dirname, "../../schema/schema.graphql");

describe("schema/schema.graphql", () => {
  test("is what the code offers; `npm run print-schema` brings it up to date", async () => {
    expect(await readFile(schemaFile, "utf8")).toBe(printedSchema());
  });

  test("ends with one line break", () => {
    expect(printedSchema()).toMatch(/[^\n]\n$/);
  });
});
