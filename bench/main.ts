// Before everything that has decorators.
import "reflect-metadata";
import { printError } from "../src/app/startup/print-error.ts";
import { stopOnSignals } from "../src/app/startup/stop-on-signals.ts";
import { Bench } from "./bench.ts";
import { readOptions } from "./options.ts";
import { writeResults } from "./report/write-results.ts";
import { runWorkload } from "./run-workload.ts";
import { workloads } from "./workloads.ts";

/** What a shell reports for a program that Ctrl-C has ended. */
const interruptedExitCode = 130;

const stopping = stopOnSignals();
const { names, options } = readOptions(
  process.argv,
  workloads.map(({ name }) => name),
);

try {
  const bench = await Bench.open(options, stopping);
  try {
    for (const workload of workloads.filter(({ name }) => names.includes(name))) await measure(bench, workload);
  } finally {
    await bench.close();
  }
} catch (error) {
  if (stopping.aborted) process.exitCode = interruptedExitCode;
  else printError(error);
}

/** A workload that cannot be measured keeps the others from nothing; the exit code tells. */
async function measure(bench: Bench, workload: (typeof workloads)[number]): Promise<void> {
  try {
    const result = await runWorkload(workload, bench, (what) => process.stderr.write(`${what}\n`));
    process.stdout.write(`\n${await writeResults(result, options)}\n\n`);
    const cases = result.groups.flatMap((group) => group.cases);
    if (cases.some(({ errors }) => Object.keys(errors).length > 0)) process.exitCode = 1;
  } catch (error) {
    if (stopping.aborted) throw error;
    process.stderr.write(`\n${workload.name} could not be measured.`);
    printError(error);
  }
}
