import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { EntityManager } from "@mikro-orm/postgresql";
import { lockSeminar } from "../../../src/catalogue/lock-seminar.ts";
import { isOverload } from "../../../src/platform/database/database-errors.ts";
import { inTransaction } from "../../../src/platform/database/in-transaction.ts";
import { startTestServer, type TestServer } from "../../support/test-server.ts";
import { withoutChange } from "../../support/unchanged.ts";

describe("A transaction that meets another", () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer();
  });
  afterAll(() => server.stop());

  test("in a deadlock is repeated, and both come to a good end", async () => {
    const one = await server.world.seminar();
    const other = await server.world.seminar();
    const bothHold = meetingOf(2);
    let attempts = 0;
    const lockBoth = (first: string, second: string, name: string) =>
      inTransaction(server.app.orm.em, async (em) => {
        attempts++;
        await lockSeminar(em, first);
        await bothHold();
        const seminar = await lockSeminar(em, second);
        seminar.name = name;
      });
    await Promise.all([lockBoth(one.id, other.id, "renamed"), lockBoth(other.id, one.id, "renamed")]);
    expect(attempts).toBe(3);
    const names = await server.database.sql("select name from seminars where id in ($1, $2)", [one.id, other.id]);
    expect(names).toEqual([{ name: "renamed" }, { name: "renamed" }]);
  });

  test("in a serialization failure is repeated, and no change is lost", async () => {
    const { id } = await server.world.seminar({ sessionCount: 1 });
    const bothHaveRead = meetingOf(2);
    let attempts = 0;
    const addSession = () =>
      inTransaction(server.app.orm.em, async (em) => {
        attempts++;
        await em.execute("set transaction isolation level repeatable read");
        const [row] = await em.execute<{ session_count: number }[]>("select * from seminars where id = ?", [id]);
        await bothHaveRead();
        await em.execute("update seminars set session_count = ? where id = ?", [Number(row?.session_count) + 1, id]);
      });
    await Promise.all([addSession(), addSession()]);
    expect(attempts).toBe(3);
    expect(await server.database.sql("select session_count from seminars where id = $1", [id])).toEqual([
      { session_count: 3 },
    ]);
  });

  test.each(["40P01", "40001"])("again and again (%s) gives up as overloaded, with nothing changed", async (code) => {
    const seminar = await server.world.seminar();
    let attempts = 0;
    const failing = inTransaction(server.app.orm.em, async (em) => {
      attempts++;
      await em.execute("update seminars set name = 'changed' where id = ?", [seminar.id]);
      await raise(em, code);
    });
    const error = await withoutChange(server.database, () => failing.catch((reason: unknown) => reason));
    expect(attempts).toBe(6);
    expect(isOverload(error)).toBe(true);
  });

  test("whose connection is lost before the commit is repeated, and what it did is there once", async () => {
    const { id } = await server.world.seminar({ sessionCount: 1 });
    let attempts = 0;
    await inTransaction(server.app.orm.em, async (em) => {
      await em.execute("update seminars set session_count = session_count + 1 where id = ?", [id]);
      if (++attempts === 1) await em.execute("select pg_terminate_backend(pg_backend_pid())");
    });
    expect(attempts).toBe(2);
    expect(await server.database.sql("select session_count from seminars where id = $1", [id])).toEqual([
      { session_count: 2 },
    ]);
  });

  test("inside another transaction is a part of it, and in a deadlock repeats only its own part", async () => {
    const one = await server.world.seminar({ sessionCount: 1 });
    const other = await server.world.seminar();
    const bothHold = meetingOf(2);
    let attempts = 0;
    const lockBoth = (em: EntityManager, first: string, second: string) =>
      inTransaction(em, async (em) => {
        attempts++;
        await lockSeminar(em, first);
        await bothHold();
        await lockSeminar(em, second);
      });
    const nested = inTransaction(server.app.orm.em, async (em) => {
      const seminar = await server.world.seminar();
      await em.execute("update seminars set session_count = 7 where id = ?", [seminar.id]);
      await lockBoth(em, one.id, other.id);
      await em.execute("update seminars set session_count = session_count + 1 where id = ?", [seminar.id]);
      return seminar.id;
    });
    const [id] = await Promise.all([nested, lockBoth(server.app.orm.em, other.id, one.id)]);
    expect(attempts).toBe(3);
    expect(await server.database.sql("select session_count from seminars where id = $1", [id])).toEqual([
      { session_count: 8 },
    ]);
  });

  test("is not repeated when it fails for another reason", async () => {
    let attempts = 0;
    const failing = inTransaction(server.app.orm.em, async (em) => {
      attempts++;
      await raise(em, "23514");
    });
    await expect(failing).rejects.toMatchObject({ code: "23514" });
    expect(attempts).toBe(1);
  });
});

/** Resolves when as many have come, and for who comes later at once. */
function meetingOf(count: number): () => Promise<void> {
  const everybodyIsHere = Promise.withResolvers<void>();
  let present = 0;
  return async () => {
    if (++present === count) everybodyIsHere.resolve();
    await everybodyIsHere.promise;
  };
}

async function raise(em: EntityManager, code: string): Promise<void> {
  await em.execute(`do $$ begin raise exception 'on purpose' using errcode = '${code}'; end $$`);
}
