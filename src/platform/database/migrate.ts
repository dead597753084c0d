import { type Migration, Migrator } from "@mikro-orm/migrations";
import { MikroORM } from "@mikro-orm/postgresql";
import pRetry from "p-retry";
import pg from "pg";
import { isLockTimeout } from "./database-errors.ts";

export interface NamedMigration {
  name: string;
  class: new (...args: ConstructorParameters<typeof Migration>) => Migration;
}

/**
 * A migration that cannot have its lock this soon steps back, so that those who queue behind it get their turn, and
 * tries again. Requests may have to wait this long, so it is short beside the pauses.
 */
const lockTimeoutMs = 500;
const maxRepeats = 30;
/** Any number that no other program uses in this database. */
const advisoryLock = 7_305_115;

/**
 * Brings the database up to date, one transaction for each migration. Servers that start at the same time take turns.
 * @returns the names of the migrations that were carried out now.
 */
export async function migrate(url: string, migrations: readonly NamedMigration[]): Promise<string[]> {
  const turn = new pg.Client({ connectionString: url });
  await turn.connect();
  try {
    await turn.query("select pg_advisory_lock($1)", [advisoryLock]);
    return await runPending(url, migrations);
  } finally {
    await turn.end();
  }
}

/** The names of the migrations that the database still lacks. */
export async function pendingMigrations(url: string, migrations: readonly NamedMigration[]): Promise<string[]> {
  const orm = await openForMigrations(url, migrations);
  try {
    return (await orm.migrator.getPending()).map((migration) => migration.name);
  } finally {
    await orm.close(true);
  }
}

function openForMigrations(url: string, migrations: readonly NamedMigration[]): Promise<MikroORM> {
  return MikroORM.init({
    entities: [],
    discovery: { warnWhenNoEntities: false },
    clientUrl: url,
    driverOptions: { max: 1, lock_timeout: lockTimeoutMs },
    extensions: [Migrator],
    migrations: { migrationsList: [...migrations], allOrNothing: false, snapshot: false },
    logger: () => {},
  });
}

async function runPending(url: string, migrations: readonly NamedMigration[]): Promise<string[]> {
  const orm = await openForMigrations(url, migrations);
  try {
    const pending = await orm.migrator.getPending();
    await pRetry(() => orm.migrator.up(), {
      retries: maxRepeats,
      minTimeout: 500,
      maxTimeout: 5_000,
      randomize: true,
      shouldRetry: ({ error }) => isLockTimeout(error),
    });
    return pending.map((migration) => migration.name);
  } finally {
    await orm.close(true);
  }
}
