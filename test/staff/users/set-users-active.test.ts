import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import pg from "pg";
import { EnrollmentRole, EnrollmentStatus } from "../../../src/enrollment/enrollment.entity.ts";
import { hashPassword } from "../../../src/platform/auth/passwords.ts";
import { StaffRole } from "../../../src/platform/auth/staff-role.ts";
import { full } from "../../enrollment/joining/situations.ts";
import { logIn, logOut, updateViewer, viewer } from "../../support/account-operations.ts";
import { writingNothing } from "../../support/every-row.ts";
import { brokenInvariants } from "../../support/invariants.ts";
import { queuedJobs, until } from "../../support/queue.ts";
import { startTestServer, startTestWorker, type TestServer } from "../../support/test-server.ts";
import type { Person } from "../../support/world.ts";
import { bulk } from "../acts.ts";
import { entriesAbout } from "../audit-trail.ts";
import { refusals } from "../enrollments/enrollment-acts.ts";
import { leftBehind } from "../races.ts";

const { WAITLISTED } = EnrollmentStatus;

describe("setUsersActive", () => {
  let server: TestServer;
  let admin: Person;
  beforeAll(async () => {
    server = await startTestServer();
    admin = await server.world.person({ staffRole: StaffRole.ADMIN });
  });
  afterAll(() => server.stop());

  const setActive = (active: boolean, ...people: { id: string }[]) =>
    bulk(admin, "setUsersActive", { userIds: people.map(({ id }) => id), active });

  test("ends the sessions at once, for mutations and queries", async () => {
    const people = await server.world.people(20);
    await server.database.replicated();
    expect((await setActive(false, ...people)).succeededIds).toHaveLength(20);
    const impatient = people.map(({ client }) => client.with({ beforeQuery: async () => {} }));
    const seen = await Promise.all(impatient.map((client) => client.data(viewer)));
    expect(seen.filter((answer) => answer.viewer !== null)).toEqual([]);
    const [first, second] = impatient as [(typeof impatient)[0], (typeof impatient)[0]];
    expect(await first.data(logOut)).toEqual({ logOut: false });
    expect(await second.errorCode(updateViewer, { input: { firstName: "A", lastName: "B" } })).toBe("UNAUTHENTICATED");
  });

  test("A4: no log-in until activated again, and the old sessions stay ended", async () => {
    const passwordHash = await hashPassword("seminar-demo");
    const person = await server.world.person({ passwordHash });
    const credentials = { input: { login: person.username, password: "seminar-demo" } };
    await setActive(false, person);
    expect((await server.anonymous.data(logIn, credentials)).logIn.code).toBe("WRONG_CREDENTIALS");
    await setActive(true, person);
    expect((await server.anonymous.data(logIn, credentials)).logIn.__typename).toBe("LogInSuccess");
    expect((await person.client.data(viewer)).viewer).toBeNull();
    expect(await entriesAbout(server.database, person.id)).toEqual([
      ["setUsersActive", "User", person.id, { active: [true, false] }],
      ["setUsersActive", "User", person.id, { active: [false, true] }],
    ]);
  });

  test("keeps seats and enrollments, and takes the user off every waiting list", async () => {
    const person = await server.world.person({ instructor: true });
    const open = () => server.world.seminar();
    const [seat, dropped, led, one, other] = await Promise.all([open(), open(), open(), open(), open()]);
    const kept = [
      await server.world.enroll(seat, person),
      await server.world.enroll(dropped, person, { status: EnrollmentStatus.DROPPED }),
      await server.world.enroll(led, person, { role: EnrollmentRole.INSTRUCTOR }),
    ];
    const left = [
      await server.world.enroll(one, person, { status: WAITLISTED }),
      await server.world.enroll(other, person, { status: WAITLISTED }),
    ];
    expect((await setActive(false, person)).succeededIds).toEqual([person.id]);
    const rows = await server.database.sql("select id, status from enrollments where user_id = $1 order by id", [
      person.id,
    ]);
    expect(rows).toEqual(kept.map(({ id, status }) => ({ id, status })));
    expect(await brokenInvariants(server.database)).toEqual({});
    expect(await entriesAbout(server.database, ...left.map(({ id }) => id))).toEqual(
      expect.arrayContaining(
        left.map(({ id }) => ["setUsersActive", "Enrollment", id, { status: ["WAITLISTED", null] }]),
      ),
    );
    const promotions = await queuedJobs(server.database, "promoteWaitingList");
    expect(promotions.map(({ payload }) => payload.seminarId).sort()).toEqual([one.id, other.id].sort());
    await server.database.sql("delete from graphile_worker._private_jobs");
  });

  test("D5: the next in the line gets the seat that the deactivated one stood before", async () => {
    const seminar = await server.world.seminar({ capacity: 1 });
    const [first, second] = (await server.world.people(2)) as [Person, Person];
    for (const person of [first, second]) await server.world.enroll(seminar, person, { status: WAITLISTED });
    await setActive(false, first);
    const worker = await startTestWorker(server.database);
    await until(async () => (await queuedJobs(server.database, "promoteWaitingList")).length === 0);
    await worker.stop();
    expect(
      await server.database.sql("select user_id, status from enrollments where seminar_id = $1", [seminar.id]),
    ).toEqual([{ user_id: second.id, status: "ACTIVE" }]);
  });

  test("what is so already succeeds, and leaves no trace", async () => {
    const active = await server.world.person();
    const inactive = await server.world.person({ active: false });
    const answers = await writingNothing(server.database, async () => [
      await setActive(true, active),
      await setActive(false, inactive),
    ]);
    expect(answers).toEqual([active, inactive].map(({ id }) => ({ succeededIds: [id], refused: [] })));
    expect(await entriesAbout(server.database, active.id, inactive.id)).toEqual([]);
  });

  test.each([true, false])("an unknown id is NOT_FOUND (active: %j)", async (active) => {
    const ids = ["01980000-0000-7000-8000-000000000000", "nobody", ""];
    const answer = await setActive(active, ...ids.map((id) => ({ id })));
    expect(refusals(answer)).toEqual(ids.map((id) => [id, "NOT_FOUND"]));
  });

  test("nobody who queues while being deactivated stays on a waiting list", async () => {
    const seminars = await Promise.all(Array.from({ length: 4 }, () => full(server)));
    expect(await leftBehind(server, admin, seminars, 15)).toBeNull();
    expect(await brokenInvariants(server.database)).toEqual({});
  }, 120_000);

  test("who queues elsewhere while a seminar's lock is waited for leaves that waiting list too", async () => {
    const person = await server.world.person();
    const [held, other] = [await server.world.seminar(), await server.world.seminar()];
    await server.world.enroll(held, person, { status: WAITLISTED });
    const holder = new pg.Client({ connectionString: server.database.url });
    await holder.connect();
    await holder.query("begin");
    await holder.query("select from seminars where id = $1 for update", [held.id]);
    const answer = setActive(false, person);
    const waiting = "select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'";
    await until(async () => (await server.database.sql(waiting)).length > 0);
    await server.world.enroll(other, person, { status: WAITLISTED });
    await holder.end();
    expect((await answer).succeededIds).toEqual([person.id]);
    expect(await server.database.sql("select from enrollments where user_id = $1", [person.id])).toEqual([]);
    expect(await brokenInvariants(server.database)).toEqual({});
  });
});
