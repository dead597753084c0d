import { ReflectMetadataProvider } from "@mikro-orm/decorators/legacy";
import { type EntityClass, MikroORM, type MikroORM as Orm } from "@mikro-orm/postgresql";
import { PostgresDialect } from "kysely";
import type pg from "pg";
import type { Lending } from "./lent-client.ts";
import { plainPool, routedPool } from "./routed-pool.ts";
import type { Servers } from "./servers.ts";

/** The ORM over the routed pools: it decides between reading and writing, the route decides which server that is. */
export async function createRoutedOrm(servers: Servers, entities: readonly EntityClass<object>[]): Promise<Orm> {
  return await MikroORM.init({
    entities: [...entities],
    metadataProvider: ReflectMetadataProvider,
    // The database is named by the pools; the ORM wants a name all the same.
    dbName: "seminar",
    // Else the ORM would look for a database of that name at the first write, and make it.
    ensureDatabase: false,
    driverOptions: () => new PostgresDialect({ pool: routedPool("write", servers) }),
    replicas: [{ driverOptions: () => new PostgresDialect({ pool: routedPool("read", servers) }) }],
    forceUtcTimezone: true,
    discovery: { warnWhenNoEntities: false },
  });
}

/** The ORM of a database that has one server only, such as the audit database. */
export async function createPlainOrm(
  name: string,
  pool: pg.Pool,
  limits: Pick<Lending, "statementTimeoutMs" | "lockTimeoutMs">,
  entities: readonly EntityClass<object>[],
): Promise<Orm> {
  return await MikroORM.init({
    entities: [...entities],
    metadataProvider: ReflectMetadataProvider,
    contextName: name,
    dbName: name,
    ensureDatabase: false,
    driverOptions: () => new PostgresDialect({ pool: plainPool(name, pool, limits) }),
    forceUtcTimezone: true,
  });
}
