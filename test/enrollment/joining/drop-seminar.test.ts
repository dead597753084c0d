import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { SeminarStatus } from "../../../src/catalogue/seminar.entity.ts";
import { EnrollmentRole, EnrollmentStatus } from "../../../src/enrollment/enrollment.entity.ts";
import { enrollmentTexts } from "../../../src/enrollment/enrollment.texts.ts";
import { Locale } from "../../../src/platform/locale.ts";
import { startTestServer, type TestServer } from "../../support/test-server.ts";
import { withoutChange } from "../../support/unchanged.ts";
import type { Person } from "../../support/world.ts";
import { drop, dropDocument, join } from "../acts.ts";
import { databaseTime } from "./situations.ts";

describe("dropSeminar", () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer();
  });
  afterAll(() => server.stop());

  test("gives the seat back, by the database's clock, and says so at once", async () => {
    const seminar = await server.world.seminar();
    const person = await server.world.person();
    const { enrollment: joined } = await join(person, seminar);
    const before = await databaseTime(server, "0");
    const answer = await drop(person, seminar);
    const after = await databaseTime(server, "1 millisecond");
    expect(answer).toEqual({
      __typename: "DropSeminarSuccess",
      enrollment: { ...joined, status: "DROPPED", droppedAt: expect.any(String) },
      seminar: { id: seminar.id, participantCount: 0, waitlistCount: 0 },
    });
    const droppedAt = Date.parse(answer.enrollment?.droppedAt ?? "");
    expect(droppedAt).toBeGreaterThanOrEqual(before.getTime());
    expect(droppedAt).toBeLessThanOrEqual(after.getTime());
    expect(await statuses(server, seminar)).toEqual(["DROPPED"]);
  });

  test("lets somebody else have the seat", async () => {
    const seminar = await server.world.seminar({ capacity: 1 });
    const [first, second] = (await server.world.people(2)) as [Person, Person];
    await join(first, seminar);
    expect((await join(second, seminar)).code).toBe("SEMINAR_FULL");
    await drop(first, seminar);
    expect((await join(second, seminar)).__typename).toBe("JoinSeminarSuccess");
  });

  test.each([EnrollmentRole.PARTICIPANT, EnrollmentRole.INSTRUCTOR])(
    "D3: cannot be undone by joining again as %s",
    async (role) => {
      const seminar = await server.world.seminar();
      const person = await server.world.person({ instructor: true });
      await join(person, seminar);
      await drop(person, seminar);
      const answer = await withoutChange(server.database, () => join(person, seminar, { role }));
      expect(answer.code).toBe("ALREADY_DROPPED");
    },
  );

  test.each(Object.values(Locale))("D1: is not for an instructor of the seminar, in %s", async (locale) => {
    const person = await server.world.person({ instructor: true, locale });
    const seminar = await server.world.seminar({}, person);
    const answer = await withoutChange(server.database, () => drop(person, seminar));
    expect(answer).toEqual({
      __typename: "DropSeminarRefusal",
      code: "INSTRUCTOR_CANNOT_DROP",
      message: enrollmentTexts.INSTRUCTOR_CANNOT_DROP[locale],
    });
  });

  test("D2: succeeds without an enrollment for who was never in the seminar", async () => {
    const seminar = await server.world.seminar();
    await server.world.enroll(seminar, await server.world.person());
    const person = await server.world.person();
    const answer = await withoutChange(server.database, () => drop(person, seminar));
    expect(answer).toEqual({
      __typename: "DropSeminarSuccess",
      enrollment: null,
      seminar: { id: seminar.id, participantCount: 1, waitlistCount: 0 },
    });
  });

  test("D2: changes nothing the second time, and gives the same enrollment", async () => {
    const seminar = await server.world.seminar();
    const person = await server.world.person();
    await join(person, seminar);
    const first = await drop(person, seminar);
    expect(await withoutChange(server.database, () => drop(person, seminar))).toEqual(first);
  });

  test("gives one seat back, however often the button is pressed at once", async () => {
    const seminar = await server.world.seminar();
    const person = await server.world.person();
    await server.world.enroll(seminar, await server.world.person());
    await join(person, seminar);
    const answers = await Promise.all(Array.from({ length: 8 }, () => drop(person, seminar)));
    expect(new Set(answers.map((answer) => answer.enrollment?.droppedAt)).size).toBe(1);
    expect(answers.map((answer) => answer.seminar?.participantCount)).toEqual(Array(8).fill(1));
  });

  test.each(["closed", SeminarStatus.CANCELLED, SeminarStatus.FINISHED])(
    "is possible when the seminar is %s",
    async (state) => {
      const seminar = await server.world.seminar(
        state === "closed"
          ? { registrationClosesAt: await databaseTime(server, "-1 minute") }
          : { status: state as SeminarStatus },
      );
      const person = await server.world.person();
      await server.world.enroll(seminar, person);
      expect(await drop(person, seminar)).toMatchObject({
        enrollment: { status: "DROPPED" },
        seminar: { participantCount: 0 },
      });
    },
  );

  test("D4: takes who waits off the list, without a trace", async () => {
    const seminar = await server.world.seminar({ capacity: 1 });
    await server.world.enroll(seminar, await server.world.person());
    const person = await server.world.person();
    await server.world.enroll(seminar, person, { status: EnrollmentStatus.WAITLISTED });
    expect(await drop(person, seminar)).toEqual({
      __typename: "DropSeminarSuccess",
      enrollment: null,
      seminar: { id: seminar.id, participantCount: 1, waitlistCount: 0 },
    });
    expect(await statuses(server, seminar)).toEqual(["ACTIVE"]);
  });

  test("is possible for a participant who is no longer accepted", async () => {
    const seminar = await server.world.seminar();
    const person = await server.world.person({ accepted: false });
    await server.world.enroll(seminar, person);
    expect(await drop(person, seminar)).toMatchObject({ enrollment: { status: "DROPPED" } });
  });

  test("answers two mutations of one document with the counts after each", async () => {
    const seminar = await server.world.seminar();
    const person = await server.world.person();
    const { joining, dropping } = await person.client.data(
      `mutation Both($id: ID!) {
        joining: joinSeminar(input: { seminarId: $id }) { ... on JoinSeminarSuccess { seminar { participantCount } } }
        dropping: dropSeminar(input: { seminarId: $id }) {
          ... on DropSeminarSuccess { enrollment { status user { username } } seminar { participantCount } }
        }
      }`,
      { id: seminar.id },
    );
    expect(joining).toEqual({ seminar: { participantCount: 1 } });
    expect(dropping).toEqual({
      enrollment: { status: "DROPPED", user: { username: person.username } },
      seminar: { participantCount: 0 },
    });
  });

  test("is not for who is not logged in", async () => {
    const seminar = await server.world.seminar();
    await server.world.enroll(seminar, await server.world.person());
    const code = await withoutChange(server.database, () =>
      server.anonymous.errorCode(dropDocument, { input: { seminarId: seminar.id } }),
    );
    expect(code).toBe("UNAUTHENTICATED");
  });

  test.each(["019b76da-a800-7000-8000-000000000000", "nonsense", "", "\u0000"])(
    "answers NOT_FOUND for the unknown seminar %j",
    async (seminarId) => {
      const person = await server.world.person();
      await server.world.enroll(await server.world.seminar(), person);
      const code = await withoutChange(server.database, () =>
        person.client.errorCode(dropDocument, { input: { seminarId } }),
      );
      expect(code).toBe("NOT_FOUND");
    },
  );
});

async function statuses(server: TestServer, seminar: { id: string }): Promise<string[]> {
  const rows = await server.database.sql<{ status: string }>(
    "select status from enrollments where seminar_id = $1 order by sequence",
    [seminar.id],
  );
  return rows.map((row) => row.status);
}
