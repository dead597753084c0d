import type { CaseResult, GroupResult, WorkloadResult } from "./results.ts";
import { number } from "./table.ts";

const width = 760;
const labelWidth = 230;
const valueWidth = 130;
const barHeight = 16;
const barGap = 6;
const groupGap = 26;
const top = 58;

/** The result as bars: the median of each case, with a line from the least to the most. */
export function chart(result: WorkloadResult): string {
  let y = top;
  const parts: string[] = [];
  for (const group of result.groups) {
    parts.push(text(16, y + 12, `${group.title} (${group.unit})`, "group"));
    y += 22;
    for (const one of group.cases) {
      parts.push(bar(one, y, longest(result, group)));
      y += barHeight + barGap;
    }
    y += groupGap - barGap;
  }
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${y}" width="${width}" height="${y}" role="img">`,
    `<title>${escaped(`${result.name}: ${result.shows}`)}</title>`,
    `<style>${style}</style>`,
    `<rect width="${width}" height="${y}" rx="8" class="card"/>`,
    text(16, 32, result.name, "name"),
    ...parts,
    "</svg>\n",
  ].join("\n");
}

const style = [
  "text{font:13px system-ui,sans-serif;fill:#24292f}",
  ".name{font-size:18px;font-weight:600}",
  ".group{font-weight:600}",
  ".card{fill:#fff;stroke:#d0d7de}",
  ".ours{fill:#0969da}",
  ".reference{fill:#9aa4b0}",
  ".range{stroke:#24292f;stroke-width:1.5}",
].join("");

/** What the full width stands for: groups of one unit can be compared with each other. */
function longest(result: WorkloadResult, { unit }: GroupResult): number {
  const cases = result.groups.filter((group) => group.unit === unit).flatMap((group) => group.cases);
  return Math.max(...cases.map(({ value }) => (Number.isFinite(value.max) ? value.max : 0)), Number.MIN_VALUE);
}

function bar({ name, isReference, value, errors }: CaseResult, y: number, longestValue: number): string {
  const length = (amount: number) => Math.max(0, ((width - labelWidth - valueWidth) * (amount || 0)) / longestValue);
  const middle = y + barHeight / 2;
  const hasErrors = Object.keys(errors).length > 0;
  return [
    text(labelWidth - 10, middle + 4, name, "label", "end"),
    `<rect x="${labelWidth}" y="${y}" width="${fixed(length(value.median))}" height="${barHeight}" rx="2" class="${isReference ? "reference" : "ours"}"/>`,
    `<line x1="${fixed(labelWidth + length(value.min))}" x2="${fixed(labelWidth + length(value.max))}" y1="${middle}" y2="${middle}" class="range"/>`,
    text(
      labelWidth + length(value.max) + 8,
      middle + 4,
      `${number(value.median)}${hasErrors ? ", with errors" : ""}`,
      "value",
    ),
  ].join("\n");
}

function text(x: number, y: number, content: string, kind: string, anchor = "start"): string {
  return `<text x="${fixed(x)}" y="${y}" class="${kind}" text-anchor="${anchor}">${escaped(content)}</text>`;
}

function fixed(value: number): string {
  return value.toFixed(1);
}

function escaped(content: string): string {
  return content.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
