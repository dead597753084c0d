import { expect } from "@jest/globals";
import type { TestDatabase } from "./database.ts";

/** Does `work`, which must leave every seminar and every enrollment as it was, and gives its result. */
export async function withoutChange<T>(database: TestDatabase, work: () => Promise<T>): Promise<T> {
  const before = await seminarsAndEnrollments(database);
  const result = await work();
  expect(await seminarsAndEnrollments(database)).toEqual(before);
  return result;
}

async function seminarsAndEnrollments(database: TestDatabase): Promise<object[][]> {
  return [
    await database.sql("select * from seminars order by id"),
    await database.sql("select * from enrollments order by id"),
  ];
}
