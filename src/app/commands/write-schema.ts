import { writeFile } from "node:fs/promises";
import path from "node:path";
import { stdout } from "node:process";
import { printedSchema } from "./print-schema.ts";

const file = path.resolve(import.meta.dirname, "../../../schema/schema.graphql");

/** Writes the graph into `schema/schema.graphql`. */
export async function writeSchema(): Promise<void> {
  await writeFile(file, printedSchema());
  stdout.write(`Written: ${path.relative(process.cwd(), file)}\n`);
}
