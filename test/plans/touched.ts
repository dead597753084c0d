import type pg from "pg";
import type { Statement } from "./captured-statements.ts";
import { planClient } from "./plans.ts";

/** What carrying out statements touches, with all that their triggers, foreign keys and functions do. */
export interface Touched {
  /** Entries of indexes and rows of tables that were read. */
  rows: number;
  /** How often an index was gone down, to look something up or to put something in. */
  descents: number;
  /** How often a page was looked at, be it in memory or not. */
  pages: number;
  /** The tables that were read from end to end. */
  fullScans: string[];
}

/**
 * Carries out the statements of an operation on a connection of its own, takes them back and tells what they touched. They
 * are carried out twice, and only the second time counts: by then the connection knows the catalogue. What the counting
 * itself looks at is left out.
 */
export async function touchedBy(
  url: string,
  statements: readonly Statement[],
  settings: readonly string[] = [],
): Promise<Touched> {
  if (statements.length === 0) throw new Error("Nothing was sent.");
  const client = planClient(url);
  await client.connect();
  try {
    for (const setting of settings) await client.query(`set ${setting}`);
    await carryOut(client, statements);
    const touched = await carryOut(client, statements);
    const { pages: pagesOfCounting } = await carryOut(client, []);
    return { ...touched, pages: touched.pages - pagesOfCounting };
  } finally {
    await client.end();
  }
}

async function carryOut(client: pg.Client, statements: readonly Statement[]): Promise<Touched> {
  const before = await pagesOf(client);
  await client.query("begin");
  for (const { text, values } of statements) {
    if (!/^(begin|commit|start|rollback|set)/i.test(text)) await client.query(text, values);
  }
  const { rows } = await client.query(countsOfTransaction);
  await client.query("rollback");
  return { ...rows[0], pages: (await pagesOf(client)) - before };
}

/** How many pages the connection has looked at. What it has counted is told to others when it has nothing to do. */
async function pagesOf(client: pg.Client): Promise<number> {
  await client.query("select pg_stat_force_next_flush()");
  const { rows } = await client.query<{ pages: number }>(
    "select coalesce(sum(hits + reads), 0)::int as pages from pg_stat_get_backend_io(pg_backend_pid())",
  );
  return rows[0]?.pages ?? 0;
}

/**
 * What a row costs that was written: the descent to its place in each index of the table. An update that touches no
 * index costs none.
 */
const countsOfTransaction = `
  with relations as (
    select oid, relkind, relname, relnamespace, (select count(*) from pg_index where indrelid = pg_class.oid) as indexes
    from pg_class where relkind in ('r', 'i') and relnamespace in ('public'::regnamespace, 'graphile_worker'::regnamespace)
  )
  select
    coalesce(sum(pg_stat_get_xact_tuples_returned(oid)), 0)::int as rows,
    coalesce(sum(case relkind
      when 'i' then pg_stat_get_xact_numscans(oid)
      else indexes * (pg_stat_get_xact_tuples_inserted(oid) + pg_stat_get_xact_tuples_updated(oid)
        - pg_stat_get_xact_tuples_hot_updated(oid))
    end), 0)::int as descents,
    coalesce(array_agg(relname::text order by relname)
      filter (where relkind = 'r' and pg_stat_get_xact_numscans(oid) > 0 and relnamespace = 'public'::regnamespace), '{}') as "fullScans"
  from relations`;
