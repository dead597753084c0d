import { randomBytes } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { Migration } from "@mikro-orm/migrations";
import pg from "pg";
import { migrations } from "../../../src/app/migrations.ts";
import { bringPrimaryUpToDate } from "../../../src/app/startup/ensure-migrated.ts";
import { migrate, type NamedMigration, pendingMigrations } from "../../../src/platform/database/migrate.ts";
import { hasJobSchema, migrateJobs } from "../../../src/platform/jobs/migrate-jobs.ts";

const names = migrations.map((migration) => migration.name);

/** A migration of nothing but these statements. */
function migrationOf(name: string, ...statements: string[]): NamedMigration {
  class Statements extends Migration {
    override up(): void {
      for (const statement of statements) this.addSql(statement);
    }
  }
  return { name, class: Statements };
}

describe("migrate", () => {
  let server: pg.Client;
  let database: string;
  let url: string;
  let client: pg.Client;
  const clients: pg.Client[] = [];
  beforeEach(async () => {
    server = await connect(process.env.TEST_PRIMARY_URL as string);
    database = `test_${randomBytes(6).toString("hex")}`;
    await server.query(`create database ${database}`);
    const address = new URL(process.env.TEST_PRIMARY_URL as string);
    address.pathname = `/${database}`;
    url = address.toString();
    client = await connect(url);
  });
  afterEach(async () => {
    await Promise.all(clients.splice(0).map((one) => one !== server && one.end()));
    await server.query(`drop database ${database} with (force)`);
    await server.end();
  });

  async function connect(to: string): Promise<pg.Client> {
    const connected = new pg.Client({ connectionString: to });
    await connected.connect();
    clients.push(connected);
    return connected;
  }

  async function tables(): Promise<string[]> {
    const { rows } = await client.query(
      "select tablename as name from pg_tables where schemaname = 'public' order by 1",
    );
    return rows.map((row) => row.name).filter((name) => !name.startsWith("mikro_orm"));
  }

  test("carries out what is pending, in order, and nothing the second time", async () => {
    expect(await pendingMigrations(url, migrations)).toEqual(names);
    expect(await migrate(url, migrations)).toEqual(names);
    expect(await tables()).toEqual([
      "enrollments",
      "idempotency_keys",
      "rate_limits",
      "seminars",
      "sessions",
      "users",
      "workers",
    ]);
    expect(await pendingMigrations(url, migrations)).toEqual([]);
    expect(await migrate(url, migrations)).toEqual([]);
  });

  test("carries out a later migration alone", async () => {
    await migrate(url, [migrationOf("0001", "create table first ()")]);
    const both = [migrationOf("0001", "create table first ()"), migrationOf("0002", "create table second ()")];
    expect(await migrate(url, both)).toEqual(["0002"]);
    expect(await tables()).toEqual(["first", "second"]);
  });

  test("takes turns with others that start at the same time", async () => {
    const done = await Promise.all([1, 2, 3].map(() => migrate(url, migrations)));
    expect(done.toSorted((a, b) => b.length - a.length)).toEqual([names, [], []]);
    expect(await tables()).toContain("enrollments");
  });

  test("leaves nothing of a migration that fails, keeps those before it, and tells the fault", async () => {
    const list = [
      migrationOf("0001", "create table first ()"),
      migrationOf("0002", "create table second ()", "create table first ()"),
      migrationOf("0003", "create table third ()"),
    ];
    await expect(migrate(url, list)).rejects.toThrow('relation "first" already exists');
    expect(await tables()).toEqual(["first"]);
    expect(await pendingMigrations(url, list)).toEqual(["0002", "0003"]);
  });

  test("steps back while somebody holds the table, so that others are answered, and succeeds afterwards", async () => {
    await client.query("create table seminars (id integer)");
    const reader = await connect(url);
    await reader.query("begin");
    await reader.query("select from seminars");

    const migrating = migrate(url, [migrationOf("0001", "alter table seminars add column name text")]);
    for (let round = 0; round < 2; round++) {
      await untilWaiters(1);
      // Queues behind the migration, and has its turn when that gives up: the reader still holds the table.
      await client.query("insert into seminars values (1)");
      expect((await reader.query("select pg_try_advisory_lock(1)")).rowCount).toBe(1);
      expect(await columns()).toEqual(["id"]);
    }
    await reader.query("commit");
    expect(await migrating).toEqual(["0001"]);
    expect(await columns()).toEqual(["id", "name"]);
    expect((await client.query("select id from seminars")).rowCount).toBe(2);
  });

  test("does the statements before the one that had to wait once only", async () => {
    await client.query("create table seminars (id integer)");
    const writer = await connect(url);
    await writer.query("begin; lock table seminars in access exclusive mode");
    const migrating = migrate(url, [
      migrationOf("0001", "create table first (id integer)", "insert into first values (1)"),
      migrationOf("0002", "insert into first values (2)", "alter table seminars add column name text"),
    ]);
    await untilWaiters(1);
    await untilWaiters(0);
    await writer.query("commit");
    expect(await migrating).toEqual(["0001", "0002"]);
    expect((await client.query("select id from first order by id")).rows).toEqual([{ id: 1 }, { id: 2 }]);
  });

  describe("the tables of jobs", () => {
    const numbers = expect.arrayContaining(["0001", "0020"]);

    test("are made on an empty database, and left alone the second time", async () => {
      expect(await hasJobSchema(url)).toBe(false);
      expect(await migrateJobs(url)).toEqual(numbers);
      expect(await hasJobSchema(url)).toBe(true);
      await client.query("select graphile_worker.add_job('mailWelcome', '{}')");
      expect(await migrateJobs(url)).toEqual([]);
      expect((await client.query("select from graphile_worker._private_jobs")).rowCount).toBe(1);
    });

    test("are made once by several that start at the same time", async () => {
      await Promise.all([1, 2, 3].map(() => migrateJobs(url)));
      const { rows } = await client.query("select id from graphile_worker.migrations order by id");
      expect(rows.map(({ id }) => id)).toEqual(rows.map((_, index) => index + 1));
      expect(await migrateJobs(url)).toEqual([]);
    });

    test("are made by themselves outside production, which refuses to start without them", async () => {
      await expect(bringPrimaryUpToDate("production", url)).rejects.toThrow("npm run migrate");
      await migrate(url, migrations);
      await expect(bringPrimaryUpToDate("production", url)).rejects.toThrow(
        "The database lacks the tables of jobs. Run: npm run migrate",
      );
      expect(await hasJobSchema(url)).toBe(false);
      await bringPrimaryUpToDate("development", url);
      expect(await hasJobSchema(url)).toBe(true);
      await bringPrimaryUpToDate("production", url);
    });
  });

  /** Resolves when so many connections to the database wait for the lock of a table. */
  async function untilWaiters(count: number): Promise<void> {
    const waiting = `select from pg_stat_activity where datname = $1 and wait_event_type = 'Lock'
      and wait_event = 'relation'`;
    while ((await server.query(waiting, [database])).rowCount !== count) await delay(5);
  }

  async function columns(): Promise<string[]> {
    const { rows } = await client.query(
      `select attname as name from pg_attribute
       where attrelid = 'seminars'::regclass and attnum > 0 order by attnum`,
    );
    return rows.map((row) => row.name);
  }
});
