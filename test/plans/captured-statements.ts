import pg from "pg";
import { currentRoute } from "../../src/platform/database/routing/route.ts";

/** One statement as it was sent to a server. */
export interface Statement {
  text: string;
  values: unknown[];
}

type Query = (this: pg.Client, ...args: unknown[]) => unknown;

/** What this process sends while `work` runs: what its operations send, unless something else is of interest. */
export async function captureStatements(
  work: () => Promise<unknown>,
  isOfInterest: (text: string) => boolean = () => Boolean(currentRoute()?.kind),
): Promise<Statement[]> {
  const statements: Statement[] = [];
  const prototype = pg.Client.prototype as unknown as { query: Query };
  const original = prototype.query;
  prototype.query = function (...args) {
    const [query, values] = args as [string | { text?: string; values?: unknown[] }, unknown];
    const text = typeof query === "string" ? query : (query.text ?? "");
    const given = typeof query === "string" ? values : (query.values ?? values);
    if (isOfInterest(text)) statements.push({ text, values: Array.isArray(given) ? given : [] });
    return original.apply(this, args);
  };
  try {
    await work();
  } finally {
    prototype.query = original;
  }
  return statements;
}
