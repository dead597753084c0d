import { expect } from "@jest/globals";
import type { TestDatabase } from "./database.ts";

/** Does `work`, which must write nothing at all (the counts of the rate limits aside), and gives its result. */
export async function writingNothing<T>(database: TestDatabase, work: () => Promise<T>): Promise<T> {
  const before = await everyRow(database);
  const result = await work();
  expect(await everyRow(database)).toEqual(before);
  return result;
}

/** The number of rows and a fingerprint of what is in them, for every table of both databases. */
async function everyRow({ sql, auditSql }: TestDatabase): Promise<object[]> {
  return [...(await fingerprints(sql)), ...(await fingerprints(auditSql))];
}

async function fingerprints(sql: TestDatabase["sql"]): Promise<object[]> {
  const tables = await sql<{ name: string }>(`select format('%I.%I', schemaname, tablename) as name from pg_tables
    where schemaname in ('public', 'graphile_worker') and tablename <> 'rate_limits' order by name`);
  return await sql(
    tables
      .map(
        ({
          name,
        }) => `select '${name}' as name, count(*) as rows, md5(string_agg(one::text, '' order by one::text)) as sum
          from ${name} as one`,
      )
      .join(" union all "),
  );
}
