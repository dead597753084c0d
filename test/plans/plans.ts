import type pg from "pg";
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
  Plans?: PlanNode[];
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
