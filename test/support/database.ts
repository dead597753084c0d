import { randomBytes } from "node:crypto";
import pg from "pg";
import { openPool } from "./pools.ts";

const templateDatabase = "seminar_template";
const auditTemplateDatabase = "seminar_audit_template";

/** A database of a test's own, with all migrations and no rows, on the primary and on the replica. */
export interface TestDatabase {
  readonly url: string;
  readonly replicaUrls: string[];
  readonly auditUrl: string;
  /** Rows of a statement on the primary. */
  sql<Row extends object = Record<string, unknown>>(statement: string, parameters?: unknown[]): Promise<Row[]>;
  /** Likewise, in the audit database. */
  auditSql<Row extends object = Record<string, unknown>>(statement: string, parameters?: unknown[]): Promise<Row[]>;
  /** Resolves when the replicas have everything that the primary has now. */
  replicated(): Promise<void>;
  drop(): Promise<void>;
}

export async function createTestDatabase(): Promise<TestDatabase> {
  const name = `test_${randomBytes(6).toString("hex")}`;
  const primaryUrl = required("TEST_PRIMARY_URL");
  const replicaBaseUrls = required("TEST_REPLICA_URLS").split(",").filter(Boolean);
  await run(
    primaryUrl,
    `create database ${name} template ${templateDatabase}`,
    `create database ${name}_audit template ${auditTemplateDatabase}`,
  );

  const url = inDatabase(primaryUrl, name);
  const replicaUrls = replicaBaseUrls.map((base) => inDatabase(base, name));
  const auditUrl = inDatabase(primaryUrl, `${name}_audit`);
  const primary = openPool(url, 2);
  const audit = openPool(auditUrl, 1);
  const replicas = replicaBaseUrls.map((base) => openPool(base, 1));
  const replicated = () => waitForReplicas(primary, replicas);
  await replicated();
  return {
    url,
    replicaUrls,
    auditUrl,
    replicated,
    sql: async <Row extends object>(statement: string, parameters?: unknown[]) =>
      (await primary.query<Row>(statement, parameters)).rows,
    auditSql: async <Row extends object>(statement: string, parameters?: unknown[]) =>
      (await audit.query<Row>(statement, parameters)).rows,
    drop: async () => {
      await Promise.all([primary, audit, ...replicas].map((pool) => pool.end()));
      await run(primaryUrl, `drop database ${name} with (force)`, `drop database ${name}_audit with (force)`);
    },
  };
}

async function waitForReplicas(primary: pg.Pool, replicas: readonly pg.Pool[]): Promise<void> {
  const { rows } = await primary.query<{ lsn: string }>("select pg_current_wal_insert_lsn() as lsn");
  // What was inserted into the log last may not have been sent yet; a commit of our own pushes it out.
  await primary.query("select pg_logical_emit_message(true, 'test', '')");
  for (const replica of replicas) {
    for (;;) {
      const caughtUp = await replica.query<{ yes: boolean }>("select pg_last_wal_replay_lsn() >= $1::pg_lsn as yes", [
        rows[0]?.lsn,
      ]);
      if (caughtUp.rows[0]?.yes) break;
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
  }
}

async function run(url: string, ...statements: string[]): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    for (const statement of statements) await client.query(statement);
  } finally {
    await client.end();
  }
}

function inDatabase(url: string, name: string): string {
  const address = new URL(url);
  address.pathname = `/${name}`;
  return address.toString();
}

function required(name: string): string {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is set by the global setup of the tests.`);
  return value;
}
