import pg from "pg";
import { until } from "../../support/queue.ts";
import type { TestServer } from "../../support/test-server.ts";
import { drop } from "../acts.ts";

/** A seminar whose lock is held and in whose line somebody waits for it already: who comes now stands behind. */
export interface HeldLine {
  /** Lets somebody press a button, and comes back when they stand in the line. */
  stand<T>(press: () => Promise<T>): Promise<{ heard: Promise<T> }>;
  /** Gives the lock free; comes back when the one before all others is served. */
  letGo(): Promise<void>;
}

/** The one who stands first drops a seminar without being in it, which changes nothing (D2). */
export async function holdLine(server: TestServer, seminar: { id: string }): Promise<HeldLine> {
  const { batched } = server.app.services;
  const release = await holdLocks(server, [seminar.id]);
  const first = drop(await server.world.person(), seminar);
  await until(async () => (await waitingForLocks(server)) === 1);
  return {
    async stand(press) {
      const before = batched.waiting;
      const heard = press();
      await until(async () => batched.waiting > before);
      return { heard };
    },
    async letGo() {
      await release();
      await first;
    },
  };
}

/** Takes the locks of seminars on a connection of its own; gives what releases them. */
export async function holdLocks(
  server: Pick<TestServer, "database">,
  seminarIds: readonly string[],
): Promise<() => Promise<void>> {
  const client = new pg.Client({ connectionString: server.database.url });
  // A test that fails may leave it open until its database is dropped.
  client.on("error", () => undefined);
  await client.connect();
  await client.query("begin");
  await client.query("select from seminars where id = any ($1) for update", [seminarIds]);
  return () => client.end();
}

/** How many wait for a lock in the database. */
export async function waitingForLocks({ database }: Pick<TestServer, "database">): Promise<number> {
  const waiting = "select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'";
  return (await database.sql(waiting)).length;
}
