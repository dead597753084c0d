import { mkdir, writeFile } from "node:fs/promises";
import { availableParallelism, cpus, totalmem } from "node:os";
import path from "node:path";
import type { Options } from "../options.ts";
import { chart } from "./chart.ts";
import type { Circumstances, WorkloadResult } from "./results.ts";
import { markdown } from "./table.ts";

/** Keeps a result as `<workload>.json`, `.md` and `.svg`, in place of the last one; gives the page of Markdown. */
export async function writeResults(result: WorkloadResult, options: Options): Promise<string> {
  const circumstances = currentCircumstances(options);
  const page = markdown(result, circumstances);
  await mkdir(options.out, { recursive: true });
  const write = (ending: string, content: string) =>
    writeFile(path.join(options.out, `${result.name}.${ending}`), content);
  await write("json", `${JSON.stringify({ circumstances, ...result }, null, 2)}\n`);
  await write("md", `${page}\n`);
  await write("svg", chart(result));
  return page;
}

function currentCircumstances({ runs, seconds, replicas, variables }: Options): Circumstances {
  return {
    at: new Date().toISOString(),
    processor: cpus()[0]?.model ?? "unknown",
    cores: availableParallelism(),
    memoryGb: Math.round(totalmem() / 2 ** 30),
    node: process.versions.node,
    runs,
    secondsPerRun: seconds,
    replicas,
    variables,
  };
}
