import { expect } from "@jest/globals";
import type { TestDatabase } from "./database.ts";

/** Does `work`, which must write nothing at all (the counts of the rate limits aside), and gives its result. */
export async function writingNothing<T>(database: TestDatabase, work: () => Promise<T>): Promise<T> {
  const before = await everyRow(database);
  const result = await work();
  expect(await everyRow(database)).toEqual(before);
  return result;
}

/** The number of rows and a fingerprint of what is in them, by table. */
async function everyRow(database: TestDatabase): Promise<object[]> {
  const tables = ["users", "sessions", "seminars", "enrollments"];
  return await database.sql(
    tables
      .map(
        (table) => `select '${table}' as name, count(*) as rows, md5(string_agg(${table}::text, '' order by id)) as sum
          from ${table}`,
      )
      .join(" union all "),
  );
}
