import pg from "pg";
import { sessionSettings } from "../../src/platform/database/connections/pools.ts";
import type { Statement } from "./captured-statements.ts";

/** One step of a plan that reads a table. */
export interface Scan {
  kind: string;
  table: string;
  index: string | null;
  /** What the index is asked for. */
  condition: string;
}

interface PlanNode {
  "Node Type": string;
  "Relation Name"?: string;
  "Index Name"?: string;
  "Index Cond"?: string;
  "Actual Rows"?: number;
  "Actual Loops"?: number;
  "Rows Removed by Filter"?: number;
  "Rows Removed by Index Recheck"?: number;
  Plans?: PlanNode[];
}

/** To ask how statements are carried out on connections as the server has them. */
export function planClient(url: string): pg.Client {
  return new pg.Client({ connectionString: url, options: sessionSettings });
}

/** How PostgreSQL would carry out the statement with these values. */
export async function scansOf(client: pg.Client, { text, values }: Statement): Promise<Scan[]> {
  const { rows } = await client.query(`explain (format json) ${text}`, values);
  return scansBelow(rows[0]["QUERY PLAN"][0].Plan);
}

function scansBelow(node: PlanNode): Scan[] {
  const table = node["Relation Name"];
  const index = node["Index Name"] ?? null;
  const condition = node["Index Cond"] ?? "";
  const isScan = node["Node Type"].includes("Scan") && (table !== undefined || index !== null);
  const own = isScan ? [{ kind: node["Node Type"], table: table ?? "", index, condition }] : [];
  return [...own, ...(node.Plans ?? []).flatMap(scansBelow)];
}

/** What carrying out a statement took. */
export interface Visits {
  /** The rows that were looked at in tables and indexes. */
  rows: number;
  /** The tables that were read from end to end, or would have been. */
  fullScans: string[];
}

/** Carries the statement out and tells what that took. */
export async function visitsOf(client: pg.Client, { text, values }: Statement): Promise<Visits> {
  const { rows } = await client.query(`explain (analyze, timing off, format json) ${text}`, values);
  const scans = nodesBelow(rows[0]["QUERY PLAN"][0].Plan).filter((node) => node["Relation Name"] || node["Index Name"]);
  return {
    rows: scans.reduce((sum, scan) => sum + rowsOf(scan), 0),
    fullScans: scans.flatMap((scan) => (scan["Node Type"] === "Seq Scan" ? (scan["Relation Name"] ?? []) : [])),
  };
}

function nodesBelow(node: PlanNode): PlanNode[] {
  return [node, ...(node.Plans ?? []).flatMap(nodesBelow)];
}

function rowsOf(scan: PlanNode): number {
  const { "Rows Removed by Filter": filtered = 0, "Rows Removed by Index Recheck": rechecked = 0 } = scan;
  return Math.round(((scan["Actual Rows"] ?? 0) + filtered + rechecked) * (scan["Actual Loops"] ?? 0));
}
