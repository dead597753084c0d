import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { SeminarStatus } from "../../src/catalogue/seminar.entity.ts";
import { EnrollmentRole, EnrollmentStatus } from "../../src/enrollment/enrollment.entity.ts";
import { StaffRole } from "../../src/platform/auth/staff-role.ts";
import { startTestServer, type TestServer } from "../support/test-server.ts";
import { withoutChange } from "../support/unchanged.ts";
import type { Person } from "../support/world.ts";

const cancelSeminar = `mutation Cancel($input: CancelSeminarInput!) {
  cancelSeminar(input: $input) {
    __typename
    ... on CancelSeminarSuccess { seminar { id status participantCount waitlistCount instructors { user { id } } } }
    ... on CancelSeminarRefusal { code message }
  }
}`;

describe("cancelSeminar", () => {
  let server: TestServer;
  let editor: Person;
  beforeAll(async () => {
    server = await startTestServer();
    editor = await server.world.person({ staffRole: StaffRole.EDITOR });
  });
  afterAll(() => server.stop());

  async function seminarWithPeople(by: Person) {
    const { world } = server;
    const seminar = await world.seminar({ capacity: 2 }, by);
    const [first, second, dropped, ...waiting] = await world.people(5);
    await world.enroll(seminar, first as Person);
    await world.enroll(seminar, second as Person);
    await world.enroll(seminar, dropped as Person, { status: EnrollmentStatus.DROPPED });
    for (const person of waiting) await world.enroll(seminar, person, { status: EnrollmentStatus.WAITLISTED });
    return seminar;
  }

  test("S6: keeps the enrollments as they were, and clears the waiting list", async () => {
    const instructor = await server.world.person({ instructor: true });
    const seminar = await seminarWithPeople(instructor);
    const enrollments = () =>
      server.database.sql(
        `select id, user_id, role, status, joined_at, dropped_at from enrollments
         where seminar_id = $1 and status <> 'WAITLISTED' order by sequence`,
        [seminar.id],
      );
    const before = await enrollments();
    expect(before).toHaveLength(4);

    const { cancelSeminar: result } = await instructor.client.data(cancelSeminar, { input: { seminarId: seminar.id } });
    expect(result).toEqual({
      __typename: "CancelSeminarSuccess",
      seminar: {
        id: seminar.id,
        status: "CANCELLED",
        participantCount: 2,
        waitlistCount: 0,
        instructors: [{ user: { id: instructor.id } }],
      },
    });
    expect(await enrollments()).toEqual(before);
    const waiting = "select 1 from enrollments where seminar_id = $1 and status = 'WAITLISTED'";
    expect(await server.database.sql(waiting, [seminar.id])).toEqual([]);
    const [row] = await server.database.sql(
      "select status, participant_count, waitlist_count from seminars where id = $1",
      [seminar.id],
    );
    expect(row).toEqual({ status: "CANCELLED", participant_count: 2, waitlist_count: 0 });
  });

  test("S6: leaves other seminars and their waiting lists alone", async () => {
    const [one, another] = await server.world.people(2, { instructor: true });
    const cancelled = await seminarWithPeople(one as Person);
    const other = await seminarWithPeople(another as Person);
    const rows = () => server.database.sql("select * from enrollments where seminar_id = $1 order by id", [other.id]);
    const before = await rows();
    await editor.client.data(cancelSeminar, { input: { seminarId: cancelled.id } });
    expect(await rows()).toEqual(before);
  });

  test("S6: frees all its instructors to lead again", async () => {
    const [first, second] = await server.world.people(2, { instructor: true });
    const seminar = await server.world.seminar({}, first);
    await server.world.enroll(seminar, second as Person, { role: EnrollmentRole.INSTRUCTOR });
    await editor.client.data(cancelSeminar, { input: { seminarId: seminar.id } });
    for (const person of [first, second] as Person[]) {
      const { createSeminar } = await person.client.data(
        `mutation { createSeminar(input: { name: "Next", capacity: 1, sessionCount: 1, time: "10:00" }) { __typename } }`,
      );
      expect(createSeminar.__typename).toBe("CreateSeminarSuccess");
    }
  });

  test.each([SeminarStatus.CANCELLED, SeminarStatus.FINISHED])(
    "S6: a seminar that is %s is NOT_SCHEDULED, and stays as it is",
    async (status) => {
      const instructor = await server.world.person({ instructor: true });
      const seminar = await server.world.seminar({ status }, instructor);
      const { cancelSeminar: result } = await withoutChange(server.database, () =>
        instructor.client.data(cancelSeminar, { input: { seminarId: seminar.id } }),
      );
      expect(result).toEqual({
        __typename: "CancelSeminarRefusal",
        code: "NOT_SCHEDULED",
        message: "The seminar is cancelled or finished.",
      });
    },
  );

  test("S6: of several cancels at the same moment, one succeeds", async () => {
    const seminar = await server.world.seminar();
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => editor.client.data(cancelSeminar, { input: { seminarId: seminar.id } })),
    );
    const outcomes = answers.map((answer) => answer.cancelSeminar.code ?? "cancelled").sort();
    expect(outcomes).toEqual([...Array(4).fill("NOT_SCHEDULED"), "cancelled"]);
  });

  test.each([
    ["nobody who is logged in", null, "UNAUTHENTICATED"],
    ["a participant", {}, "FORBIDDEN"],
    ["an instructor of another seminar", { instructor: true }, "FORBIDDEN"],
    ["a staff VIEWER", { staffRole: StaffRole.VIEWER }, "FORBIDDEN"],
  ])("S4: %s gets an error, and the seminar goes on", async (_title, options, code) => {
    const { world } = server;
    const seminar = await seminarWithPeople(await world.person({ instructor: true }));
    const person = options && (await world.person(options));
    if (options && "instructor" in options && person) await world.seminar({}, person);
    const answered = await withoutChange(server.database, () =>
      (person?.client ?? server.anonymous).errorCode(cancelSeminar, { input: { seminarId: seminar.id } }),
    );
    expect(answered).toBe(code);
  });

  test.each(["01980000-0000-7000-8000-000000000000", "seminar-1", ""])(
    "S4: the id %j is NOT_FOUND",
    async (seminarId) => {
      const answered = await withoutChange(server.database, () =>
        editor.client.errorCode(cancelSeminar, { input: { seminarId } }),
      );
      expect(answered).toBe("NOT_FOUND");
    },
  );
});
