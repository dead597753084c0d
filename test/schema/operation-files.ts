import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";

const folder = path.resolve(import.meta.dirname, "../../schema/operations");

/** One of the ready-to-run examples. */
export interface OperationFile {
  /** Its name without the ending. */
  name: string;
  text: string;
  /** What its comment says before it speaks of variables. */
  comment: string;
  /** The variables that its comment shows; null when it shows none. */
  variables: Record<string, unknown> | null;
}

export function readOperationFiles(): OperationFile[] {
  return readdirSync(folder).map((file) => readOperationFile(file));
}

function readOperationFile(file: string): OperationFile {
  const text = readFileSync(path.join(folder, file), "utf8");
  const comment = text
    .split("\n")
    .filter((line) => line.startsWith("#"))
    .map((line) => line.slice(2))
    .join("\n");
  const json = comment.match(/^\{.*\}$/ms)?.[0];
  return {
    name: path.basename(file, ".graphql"),
    text,
    comment: comment.split("\n\n")[0] ?? "",
    variables: json ? JSON.parse(json) : null,
  };
}
