import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { createTestDatabase, type TestDatabase } from "../../support/database.ts";
import { insertEnrollment, insertSeminar, insertUser } from "../../support/sql-rows.ts";

const leading = { role: "INSTRUCTOR", led_status: "SCHEDULED" };

describe("the database itself", () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(() => database.drop());

  /** Expects the statement to fail by this constraint (or at least for this reason), leaving everything as it was. */
  async function refuses(work: Promise<unknown>, constraint: string | RegExp): Promise<void> {
    const error = await work.then(
      () => null,
      (reason: { constraint?: string; message: string }) => reason,
    );
    if (typeof constraint === "string") expect(error?.constraint).toBe(constraint);
    else expect(error?.message).toMatch(constraint);
  }

  test("refuses a second enrollment of one user in one seminar, whatever its role and status", async () => {
    const [seminar, user] = [await insertSeminar(database), await insertUser(database)];
    await insertEnrollment(database, seminar, user, { status: "DROPPED", dropped_at: new Date() });
    for (const values of [{}, { status: "WAITLISTED" }, leading]) {
      await refuses(insertEnrollment(database, seminar, user, values), "enrollments_one_per_user_and_seminar");
    }
  });

  describe("S3: an instructor", () => {
    test("leads at most one SCHEDULED seminar", async () => {
      const user = await insertUser(database);
      await insertEnrollment(database, await insertSeminar(database), user, leading);
      const another = await insertSeminar(database);
      await refuses(insertEnrollment(database, another, user, leading), "enrollments_leads_one_seminar");
    });

    test("cannot pretend that the seminar is not SCHEDULED", async () => {
      const user = await insertUser(database);
      const seminar = await insertSeminar(database);
      const pretending = { role: "INSTRUCTOR", led_status: "CANCELLED" };
      await refuses(insertEnrollment(database, seminar, user, pretending), "enrollments_led_status");
      const unsaid = { role: "INSTRUCTOR", led_status: null };
      await refuses(insertEnrollment(database, seminar, user, unsaid), "enrollments_led_by_instructors");
    });

    test.each(["CANCELLED", "FINISHED"])("is free again when the seminar is %s, and not before", async (status) => {
      const user = await insertUser(database);
      const [led, next] = [await insertSeminar(database), await insertSeminar(database)];
      await insertEnrollment(database, led, user, leading);
      await refuses(insertEnrollment(database, next, user, leading), "enrollments_leads_one_seminar");
      await database.sql("update seminars set status = $1 where id = $2", [status, led]);
      await insertEnrollment(database, next, user, leading);
      // And the first one cannot come back while the second goes on.
      const back = database.sql("update seminars set status = 'SCHEDULED' where id = $1", [led]);
      await refuses(back, "enrollments_leads_one_seminar");
    });

    test("may take part in any number of others", async () => {
      const user = await insertUser(database);
      await insertEnrollment(database, await insertSeminar(database), user, leading);
      await insertEnrollment(database, await insertSeminar(database), user);
      await insertEnrollment(database, await insertSeminar(database), user);
    });

    test.each([
      ["WAITLISTED", { ...leading, status: "WAITLISTED" }],
      ["DROPPED", { ...leading, status: "DROPPED", dropped_at: new Date() }],
    ])("is never %s", async (_status, values) => {
      const [seminar, user] = [await insertSeminar(database), await insertUser(database)];
      await refuses(insertEnrollment(database, seminar, user, values), "enrollments_instructors_are_active");
    });
  });

  describe("never overbooks:", () => {
    async function fullSeminar(): Promise<{ seminar: string; waiting: string }> {
      const seminar = await insertSeminar(database, { capacity: 1 });
      await insertEnrollment(database, seminar, await insertUser(database));
      const waiting = await insertEnrollment(database, seminar, await insertUser(database), { status: "WAITLISTED" });
      return { seminar, waiting };
    }

    test("a participant more than there are seats is refused", async () => {
      const { seminar } = await fullSeminar();
      const more = insertEnrollment(database, seminar, await insertUser(database));
      await refuses(more, "seminars_never_overbooked");
      expect(await database.sql("select 1 from enrollments where seminar_id = $1", [seminar])).toHaveLength(2);
    });

    test("so is a promotion, or somebody moved there from another seminar", async () => {
      const { seminar, waiting } = await fullSeminar();
      const promotion = database.sql("update enrollments set status = 'ACTIVE' where id = $1", [waiting]);
      await refuses(promotion, "seminars_never_overbooked");
      const elsewhere = await insertEnrollment(database, await insertSeminar(database), await insertUser(database));
      const move = database.sql("update enrollments set seminar_id = $1 where id = $2", [seminar, elsewhere]);
      await refuses(move, "seminars_never_overbooked");
    });

    test("so are many at once, all of them", async () => {
      const seminar = await insertSeminar(database, { capacity: 2 });
      const users = await Promise.all([1, 2, 3].map(() => insertUser(database)));
      const many = database.sql(
        `insert into enrollments (id, seminar_id, user_id, role, status, joined_at)
         select gen_random_uuid(), $1, id, 'PARTICIPANT', 'ACTIVE', now() from users where id = any($2)`,
        [seminar, users],
      );
      await refuses(many, "seminars_never_overbooked");
      expect(await database.sql("select 1 from enrollments where seminar_id = $1", [seminar])).toHaveLength(0);
    });

    test("S5: a capacity below participantCount is refused", async () => {
      const { seminar } = await fullSeminar();
      await database.sql("update seminars set capacity = 2 where id = $1", [seminar]);
      await insertEnrollment(database, seminar, await insertUser(database));
      const fewer = database.sql("update seminars set capacity = 1 where id = $1", [seminar]);
      await refuses(fewer, "seminars_never_overbooked");
    });

    test("an instructor, and who waits or has dropped, needs no seat", async () => {
      const { seminar } = await fullSeminar();
      await insertEnrollment(database, seminar, await insertUser(database), leading);
      await insertEnrollment(database, seminar, await insertUser(database), { status: "WAITLISTED" });
      const dropped = { status: "DROPPED", dropped_at: new Date() };
      await insertEnrollment(database, seminar, await insertUser(database), dropped);
    });
  });

  test.each([
    ["a capacity of 0", { capacity: 0 }],
    ["a negative capacity", { capacity: -1 }],
    ["a capacity above 100,000", { capacity: 100_001 }],
    ["no session", { session_count: 0 }],
    ["more than 1,000 sessions", { session_count: 1_001 }],
    ["an empty name", { name: "" }],
    ["a name of 101 characters", { name: "가".repeat(101) }],
    ["a description of 5,001 characters", { description: "가".repeat(5_001) }],
    ["a time with seconds", { time: "18:30:00" }],
    ["hour 24", { time: "24:00" }],
    ["a status that does not exist", { status: "POSTPONED" }],
    ["more participants than seats", { participant_count: 3 }],
    ["a negative participantCount", { participant_count: -1 }],
    ["a negative waitlistCount", { waitlist_count: -1 }],
    [
      "a registration that closes as it opens",
      { registration_opens_at: "2030-01-01", registration_closes_at: "2030-01-01" },
    ],
  ])("S1: refuses a seminar with %s", async (_title, values) => {
    await refuses(insertSeminar(database, values), /violates check constraint/);
  });

  test.each([
    ["DROPPED without droppedAt", { status: "DROPPED" }],
    ["ACTIVE with droppedAt", { dropped_at: new Date() }],
    ["WAITLISTED with droppedAt", { status: "WAITLISTED", dropped_at: new Date() }],
  ])("refuses an enrollment that is %s", async (_title, values) => {
    const [seminar, user] = [await insertSeminar(database), await insertUser(database)];
    await refuses(insertEnrollment(database, seminar, user, values), "enrollments_dropped_when");
  });

  test.each([
    ["a role", { role: "GUEST" }],
    ["a status", { status: "INVITED" }],
  ])("refuses an enrollment with %s that does not exist", async (_title, values) => {
    const [seminar, user] = [await insertSeminar(database), await insertUser(database)];
    await refuses(insertEnrollment(database, seminar, user, values), /violates check constraint/);
  });

  test("refuses an enrollment of nobody or of no seminar, and to remove a user or a seminar that has some", async () => {
    const [seminar, user] = [await insertSeminar(database), await insertUser(database)];
    const unknown = "01980000-0000-7000-8000-000000000000";
    await refuses(insertEnrollment(database, seminar, unknown), "enrollments_user_id_fkey");
    // The seminar is missed as soon as the counters are; there is no row to count in.
    await refuses(insertEnrollment(database, unknown, user), "enrollments_seminar_id_fkey");
    await insertEnrollment(database, seminar, user);
    await refuses(database.sql("delete from users where id = $1", [user]), "enrollments_user_id_fkey");
    await refuses(database.sql("delete from seminars where id = $1", [seminar]), /violates foreign key constraint/);
  });

  describe("A2: a user", () => {
    const none = { participant_university: null, participant_accepted: null };

    test("has a profile, and cannot lose the last one", async () => {
      await refuses(insertUser(database, none), "users_have_a_profile");
      const user = await insertUser(database);
      const losing = database.sql(
        "update users set participant_university = null, participant_accepted = null where id = $1",
        [user],
      );
      await refuses(losing, "users_have_a_profile");
      await insertUser(database, { ...none, instructor_company: "" });
    });

    test("has each profile whole", async () => {
      await refuses(insertUser(database, { participant_university: null }), "users_participant_whole");
      await refuses(
        insertUser(database, { participant_accepted: null, instructor_company: "" }),
        "users_participant_whole",
      );
      await refuses(insertUser(database, { instructor_career_years: 1 }), "users_instructor_whole");
      await refuses(
        insertUser(database, { instructor_company: "", instructor_career_years: -1 }),
        /violates check constraint/,
      );
    });
  });

  describe("A1: a user", () => {
    test("has a username and an e-mail address of its own, in any case of the letters", async () => {
      await insertUser(database, { username: "Grace", email: "Grace@Example.com" });
      await refuses(insertUser(database, { username: "gRACE" }), "users_username");
      await refuses(insertUser(database, { email: "grace@example.COM" }), "users_email");
    });

    test.each([
      ["an empty username", { username: "" }],
      ["a username of 51 characters", { username: "a".repeat(51) }],
      ["a username with a space", { username: "a b" }],
      ["a first name only", { first_name: "Grace" }],
      ["a last name only", { last_name: "Hopper" }],
      ["a language that there is no text in", { locale: "FR" }],
      ["a staff role that does not exist", { staff_role: "OWNER" }],
    ])("never has %s", async (_title, values) => {
      await refuses(insertUser(database, values), /violates check constraint/);
    });
  });
});
