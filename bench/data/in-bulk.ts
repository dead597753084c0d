import type pg from "pg";

/** Sends a statement over one connection. */
export type Sql = (statement: string) => Promise<pg.QueryResult>;

/**
 * Does work that writes very many rows, which are right by the way they are made: without triggers and foreign keys, and with
 * the indexes of users, seminars and enrollments made afterwards. The rows come in another order than that of an index, and
 * when an index outgrows the memory each of them costs a page of it.
 */
export async function inBulk(sql: Sql, work: () => Promise<void>): Promise<void> {
  await sql("set session_replication_role = replica");
  const { rows: indexes } = await sql(indexesInTheWay);
  for (const { drop } of indexes) await sql(drop);
  await work();
  for (const { make } of indexes) await sql(make);
  await sql("set session_replication_role = origin");
}

/** All but those that foreign keys need. */
const indexesInTheWay = `
  select format('alter table enrollments drop constraint %I', conname) as drop,
    format('alter table enrollments add constraint %I %s', conname, pg_get_constraintdef(oid)) as make
  from pg_constraint where conrelid = 'enrollments'::regclass and contype in ('p', 'u')
  union all
  select format('drop index %s', indexrelid::regclass), pg_get_indexdef(indexrelid)
  from pg_index where indrelid in ('users'::regclass, 'seminars'::regclass, 'enrollments'::regclass)
    and not exists (select from pg_constraint where conindid = indexrelid)`;
