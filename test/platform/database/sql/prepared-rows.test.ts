import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { MikroORM } from "@mikro-orm/postgresql";
import { sql } from "kysely";
import { createRoutedOrm } from "../../../../src/platform/database/connections/orm.ts";
import type { ServersOptions } from "../../../../src/platform/database/connections/servers.ts";
import { Route, withRoute } from "../../../../src/platform/database/routing/route.ts";
import { preparedRows } from "../../../../src/platform/database/sql/prepared-rows.ts";
import { selectRows } from "../../../../src/platform/database/sql/select-rows.ts";
import { createTestDatabase, type TestDatabase } from "../../../support/database.ts";
import { type OpenServers, openTestServers } from "../../../support/open-servers.ts";

const oneConnection = { lanes: { write: { size: 1 } } };

describe("Prepared statements", () => {
  let database: TestDatabase;
  const closings: (() => Promise<void>)[] = [];
  beforeAll(async () => {
    database = await createTestDatabase();
    await database.sql("create table things (id integer, size integer)");
    await database.sql("insert into things values (1, 10), (2, 20)");
  });
  afterAll(async () => {
    for (const close of closings) await close();
    await database.drop();
  });

  /** An ORM with one connection to the primary, and the route of a mutation. */
  async function open(options: Partial<ServersOptions> = {}): Promise<{ orm: MikroORM; opened: OpenServers }> {
    const opened = await openTestServers({ url: database.url, replicaUrls: [] }, { ...oneConnection, ...options });
    const orm = await createRoutedOrm(opened.servers, []);
    closings.push(() => orm.close(), opened.close);
    return { orm, opened };
  }

  async function sizeOf(orm: MikroORM, id: number): Promise<number | undefined> {
    const [row] = await preparedRows(orm.em.fork(), sql<{ size: number }>`select size from things where id = ${id}`);
    return row?.size;
  }

  /** What the connection has prepared, and how often each was used. */
  function preparedOn(orm: MikroORM): Promise<{ uses: string }[]> {
    return selectRows(
      orm.em.fork(),
      sql<{ uses: string }>`select generic_plans + custom_plans as uses from pg_prepared_statements`,
    );
  }

  test("are parsed once for each connection, whatever their values", async () => {
    const { orm } = await open();
    expect([await sizeOf(orm, 1), await sizeOf(orm, 2), await sizeOf(orm, 3)]).toEqual([10, 20, undefined]);
    expect(await preparedOn(orm)).toEqual([{ uses: "3" }]);
  });

  test("are not, when that is switched off, as behind an old PgBouncer", async () => {
    const { orm } = await open({ preparesStatements: false });
    expect(await sizeOf(orm, 1)).toBe(10);
    expect(await preparedOn(orm)).toEqual([]);
  });

  test("that a migration has made unfit cost a connection, not an answer that never comes right again", async () => {
    const { orm, opened } = await open();
    expect(await sizeOf(orm, 1)).toBe(10);
    await database.sql("alter table things alter size type bigint");
    const route = new Route(opened.servers, () => {}, { isRepeatable: true, lane: "write" });
    await route.pin("query");
    await expect(withRoute(route, () => sizeOf(orm, 1))).rejects.toThrow("cached plan must not change result type");
    expect(route.lostServer).not.toBeNull();
    expect(Number(await sizeOf(orm, 1))).toBe(10);
    await database.sql("alter table things alter size type integer");
  });
});
