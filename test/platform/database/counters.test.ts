import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { createTestDatabase, type TestDatabase } from "../../support/database.ts";
import { insertEnrollment, insertSeminar, insertUser } from "../../support/sql-rows.ts";

describe("the counters of a seminar", () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(() => database.drop());

  /** `[participantCount, waitlistCount]` of each seminar. */
  async function counters(...seminars: string[]): Promise<number[][]> {
    const rows = await database.sql<{ participant_count: number; waitlist_count: number }>(
      `select participant_count, waitlist_count from unnest($1::uuid[]) with ordinality as asked (id, place)
       join seminars using (id) order by place`,
      [seminars],
    );
    return rows.map((row) => [row.participant_count, row.waitlist_count]);
  }

  /** Seminars of ten seats, each with two ACTIVE participants, two WAITLISTED, one DROPPED and an instructor. */
  async function seminarsWithPeople(count: number): Promise<string[]> {
    const seminars = await Promise.all(Array.from({ length: count }, () => insertSeminar(database, { capacity: 10 })));
    for (const seminar of seminars) {
      for (const status of ["ACTIVE", "ACTIVE", "WAITLISTED", "WAITLISTED"]) {
        await insertEnrollment(database, seminar, await insertUser(database), { status });
      }
      const dropped = { status: "DROPPED", dropped_at: new Date() };
      await insertEnrollment(database, seminar, await insertUser(database), dropped);
      const leading = { role: "INSTRUCTOR", led_status: "SCHEDULED" };
      await insertEnrollment(database, seminar, await insertUser(database), leading);
    }
    return seminars;
  }

  /** A seminar that nobody touches, to see that its counters stay. */
  async function withBystander(work: () => Promise<void>): Promise<void> {
    const [bystander] = (await seminarsWithPeople(1)) as [string];
    await work();
    expect(await counters(bystander)).toEqual([[2, 2]]);
  }

  test("follow each row that comes", async () => {
    await withBystander(async () => {
      const [seminar] = (await seminarsWithPeople(1)) as [string];
      expect(await counters(seminar)).toEqual([[2, 2]]);
    });
  });

  test("follow each change of status", async () => {
    const seminar = await insertSeminar(database);
    const row = await insertEnrollment(database, seminar, await insertUser(database), { status: "WAITLISTED" });
    const change = (values: string) => database.sql(`update enrollments set ${values} where id = $1`, [row]);
    expect(await counters(seminar)).toEqual([[0, 1]]);
    await change("status = 'ACTIVE'");
    expect(await counters(seminar)).toEqual([[1, 0]]);
    await change("joined_at = now()");
    expect(await counters(seminar)).toEqual([[1, 0]]);
    await change("status = 'DROPPED', dropped_at = now()");
    expect(await counters(seminar)).toEqual([[0, 0]]);
    await change("status = 'ACTIVE', dropped_at = null");
    expect(await counters(seminar)).toEqual([[1, 0]]);
    await change("role = 'INSTRUCTOR', led_status = 'SCHEDULED'");
    expect(await counters(seminar)).toEqual([[0, 0]]);
  });

  test("follow a row that moves to another seminar", async () => {
    const [from, to] = [await insertSeminar(database), await insertSeminar(database)];
    const row = await insertEnrollment(database, from, await insertUser(database));
    await database.sql("update enrollments set seminar_id = $1 where id = $2", [to, row]);
    expect(await counters(from, to)).toEqual([
      [0, 0],
      [1, 0],
    ]);
  });

  test("follow a statement that inserts into several seminars", async () => {
    await withBystander(async () => {
      const seminars = await seminarsWithPeople(3);
      const users = await Promise.all([1, 2].map(() => insertUser(database)));
      await database.sql(
        `insert into enrollments (id, seminar_id, user_id, role, status, joined_at)
         select gen_random_uuid(), seminar_id, user_id, 'PARTICIPANT',
           case when user_id = ($2::uuid[])[1] then 'ACTIVE' else 'WAITLISTED' end, now()
         from unnest($1::uuid[]) as seminar_id, unnest($2::uuid[]) as user_id`,
        [seminars, users],
      );
      expect(await counters(...seminars)).toEqual(Array(3).fill([3, 3]));
    });
  });

  test("follow a statement that changes several seminars, each in its own way", async () => {
    await withBystander(async () => {
      const [dropping, promoting, leaving] = (await seminarsWithPeople(3)) as [string, string, string];
      await database.sql(
        `update enrollments set
           status = case when seminar_id = $1 then 'DROPPED' else 'ACTIVE' end,
           dropped_at = case when seminar_id = $1 then now() end
         where role = 'PARTICIPANT' and (
           (seminar_id = $1 and status = 'ACTIVE') or (seminar_id = $2 and status = 'WAITLISTED')
           or (seminar_id = $3 and status = 'DROPPED')
         )`,
        [dropping, promoting, leaving],
      );
      expect(await counters(dropping, promoting, leaving)).toEqual([
        [0, 2],
        [4, 0],
        [3, 2],
      ]);
    });
  });

  test("follow a statement that deletes from several seminars", async () => {
    await withBystander(async () => {
      const seminars = await seminarsWithPeople(2);
      await database.sql("delete from enrollments where seminar_id = any($1) and status = 'WAITLISTED'", [seminars]);
      expect(await counters(...seminars)).toEqual([
        [2, 0],
        [2, 0],
      ]);
      await database.sql("delete from enrollments where seminar_id = any($1)", [seminars]);
      expect(await counters(...seminars)).toEqual([
        [0, 0],
        [0, 0],
      ]);
    });
  });

  test("follow an upsert, which both inserts and changes", async () => {
    const seminar = await insertSeminar(database);
    const [old, fresh] = [await insertUser(database), await insertUser(database)];
    await insertEnrollment(database, seminar, old, { status: "WAITLISTED" });
    await database.sql(
      `insert into enrollments (id, seminar_id, user_id, role, status, joined_at)
       select gen_random_uuid(), $1, id, 'PARTICIPANT', 'ACTIVE', now() from users where id = any($2)
       on conflict (user_id, seminar_id) do update set status = excluded.status`,
      [seminar, [old, fresh]],
    );
    expect(await counters(seminar)).toEqual([[2, 0]]);
  });

  test("are as they were after a transaction that is rolled back", async () => {
    const [seminar] = (await seminarsWithPeople(1)) as [string];
    const failing = database.sql(
      `with gone as (delete from enrollments where seminar_id = $1 returning 1)
       select 1 / (count(*) - count(*)) from gone`,
      [seminar],
    );
    await expect(failing).rejects.toThrow("division by zero");
    expect(await counters(seminar)).toEqual([[2, 2]]);
  });

  test("stay when the seminar is cancelled, which touches the enrollments of its instructors", async () => {
    const [seminar] = (await seminarsWithPeople(1)) as [string];
    await database.sql("update seminars set status = 'CANCELLED' where id = $1", [seminar]);
    expect(await counters(seminar)).toEqual([[2, 2]]);
  });
});
