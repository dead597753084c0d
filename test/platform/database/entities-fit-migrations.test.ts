import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { EntityMetadata, MikroORM } from "@mikro-orm/postgresql";
import type pg from "pg";
import { auditEntities, entities } from "../../../src/app/entities.ts";
import { createPlainOrm, createRoutedOrm } from "../../../src/platform/database/connections/orm.ts";
import { openPool } from "../../../src/platform/database/connections/pools.ts";
import { createTestDatabase, type TestDatabase } from "../../support/database.ts";
import { type OpenServers, openTestServers } from "../../support/open-servers.ts";

interface Column {
  name: string;
  type: string;
  nullable: boolean;
}

interface StoredColumn extends Column {
  /** Whether the database has a value of its own for it. */
  filled: boolean;
}

/** What the ORM calls a type, in the words of PostgreSQL's `format_type`. */
const types: Record<string, string> = {
  int: "integer",
  bigserial: "bigint",
  "timestamptz(3)": "timestamp(3) with time zone",
};

describe("the entities", () => {
  let database: TestDatabase;
  let opened: OpenServers;
  let auditPool: pg.Pool;
  let orm: MikroORM;
  let auditOrm: MikroORM;
  beforeAll(async () => {
    database = await createTestDatabase();
    const options = { poolWaitMs: 5_000, statementTimeoutMs: 5_000, lockTimeoutMs: 5_000, onConnectionError: () => {} };
    opened = await openTestServers({ ...database, replicaUrls: [] });
    auditPool = openPool(() => "audit", database.auditUrl, options, { size: 1 });
    orm = await createRoutedOrm(opened.servers, entities);
    auditOrm = await createPlainOrm("audit", auditPool, options, auditEntities);
  });
  afterAll(async () => {
    await Promise.all([orm.close(), auditOrm.close()]);
    await Promise.all([opened.close(), auditPool.end()]);
    await database.drop();
  });

  function mappedColumns(metadata: EntityMetadata): Column[] {
    return metadata.props.flatMap((property) =>
      property.fieldNames.map((name, index) => {
        const type = property.columnTypes[index] ?? "";
        return { name, type: types[type] ?? type, nullable: property.nullable ?? false };
      }),
    );
  }

  async function storedColumns(sql: TestDatabase["sql"], table: string): Promise<StoredColumn[]> {
    return await sql<StoredColumn>(
      `select attname as name, format_type(atttypid, atttypmod) as type, not attnotnull as nullable,
         atthasdef or attidentity <> '' as filled
       from pg_attribute where attrelid = $1::regclass and attnum > 0 and not attisdropped`,
      [table],
    );
  }

  test.each([...entities, ...auditEntities].map((entity) => [entity.name, entity] as const))(
    "%s is mapped to columns that are there, of the same type and nullability",
    async (_name, entity) => {
      const isOfAudit = auditEntities.some((one) => one === entity);
      const metadata = (isOfAudit ? auditOrm : orm).getMetadata().get<object>(entity);
      const mapped = mappedColumns(metadata);
      const stored = await storedColumns(isOfAudit ? database.auditSql : database.sql, metadata.tableName);
      expect(mapped.length).toBeGreaterThan(4);
      for (const column of mapped) {
        const { filled: _filled, ...found } = stored.find((one) => one.name === column.name) ?? { name: "none" };
        expect(found).toEqual(column);
      }
      const unmapped = stored.filter((one) => !mapped.some((column) => column.name === one.name));
      expect(unmapped.filter((one) => !one.nullable && !one.filled)).toEqual([]);
    },
  );
});
