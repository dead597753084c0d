import type { CaseResult, Circumstances, GroupResult, Spread, WorkloadResult } from "./results.ts";

/** The result as a page of Markdown that is also easy to read in a terminal. */
export function markdown(result: WorkloadResult, circumstances: Circumstances): string {
  const { at, processor, cores, memoryGb, node, runs, secondsPerRun, replicas, variables } = circumstances;
  const set = Object.entries(variables).map(([name, value]) => `${name}=${value}`);
  return [
    `## ${result.name}`,
    result.shows,
    ...result.groups.map(table),
    `${at}; ${processor}, ${cores} cores, ${memoryGb} GB; Node ${node}; ${runs} runs of ${secondsPerRun} s; ` +
      `${replicas} replicas${set.length > 0 ? `; ${set.join(" ")}` : ""}`,
  ].join("\n\n");
}

function table({ title, unit, cases }: GroupResult): string {
  const head = [title, unit, "min-max", "p50 ms", "p99 ms", "CPU ms", "errors", "peak MB", "times the reference"];
  const rows = cases.map((one) => [
    one.name,
    number(one.value.median),
    `${number(one.value.min)}-${number(one.value.max)}`,
    number(one.p50Ms),
    number(one.p99Ms),
    number(one.processorMs),
    errorCount(one),
    number(one.peakMemoryMb),
    one.ratios.map(({ to, times }) => `${factor(times)} ${to}`).join("; "),
  ]);
  const remarks = cases.flatMap((one) => [
    ...(one.note ? [`- ${one.name}: ${one.note}`] : []),
    ...Object.entries(one.errors).map(([error, count]) => `- ${one.name}, error: ${error} (${count})`),
  ]);
  return [aligned(head, rows), ...(remarks.length > 0 ? [remarks.join("\n")] : [])].join("\n\n");
}

/** Every column as wide as its widest cell; the first one to the left, the numbers to the right. */
function aligned(head: readonly string[], rows: readonly string[][]): string {
  const widths = head.map((cell, column) =>
    Math.max(...[head, ...rows].map((row) => (row[column] ?? "").length), cell.length),
  );
  const isText = (column: number) => column === 0 || column === head.length - 1;
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, column) => (isText(column) ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0))).join(" | ")} |`;
  const rule = `| ${widths.map((width, column) => (isText(column) ? "-".repeat(width) : `${"-".repeat(width - 1)}:`)).join(" | ")} |`;
  return [line(head), rule, ...rows.map(line)].join("\n");
}

/** Three significant digits, or all of a whole number. */
export function number(value: number | null): string {
  if (value === null || Number.isNaN(value)) return "-";
  const digits = Math.abs(value) >= 100 ? Math.round(value) : Number(value.toPrecision(3));
  return digits.toLocaleString("en");
}

function factor({ median, min, max }: Spread): string {
  return `${number(median)} (${number(min)}-${number(max)}) x`;
}

function errorCount({ errors }: CaseResult): string {
  return String(Object.values(errors).reduce((sum, count) => sum + count, 0));
}
