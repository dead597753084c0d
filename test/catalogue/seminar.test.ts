import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { SeminarStatus } from "../../src/catalogue/seminar.entity.ts";
import { EnrollmentRole, EnrollmentStatus } from "../../src/enrollment/enrollment.entity.ts";
import { startTestServer, type TestServer } from "../support/test-server.ts";
import type { Person } from "../support/world.ts";

const seminarById = `query Seminar($id: ID!) {
  seminar(id: $id) {
    id name description capacity sessionCount time online startsOn registrationOpensAt registrationClosesAt
    status createdAt participantCount remainingSeats waitlistCount
    instructors { role status user { username } }
    viewerEnrollment { status }
  }
}`;

describe("seminar", () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer();
  });
  afterAll(() => server.stop());

  test("shows everything about it, to anybody", async () => {
    const instructor = await server.world.person({ instructor: true });
    const values = {
      name: "Graphs",
      description: "Vertices\nand edges.",
      capacity: 3,
      sessionCount: 4,
      time: "09:05",
      online: false,
      startsOn: "2030-03-04",
      registrationOpensAt: new Date("2030-01-01T00:00:00.001Z"),
      registrationClosesAt: new Date("2030-02-01T00:00:00.999Z"),
    };
    const seminar = await server.world.seminar(values, instructor);
    const { seminar: shown } = await server.anonymous.data(seminarById, { id: seminar.id });
    expect(shown).toEqual({
      ...JSON.parse(JSON.stringify(values)),
      id: seminar.id,
      status: "SCHEDULED",
      createdAt: seminar.createdAt.toISOString(),
      participantCount: 0,
      remainingSeats: 3,
      waitlistCount: 0,
      instructors: [{ role: "INSTRUCTOR", status: "ACTIVE", user: { username: instructor.username } }],
      viewerEnrollment: null,
    });
  });

  test("S1: everywhere a seminar tells its description, also where it was read without", async () => {
    const instructor = await server.world.person({ instructor: true });
    const seminar = await server.world.seminar({ description: "By the sea." }, instructor);
    await server.database.replicated();
    const data = await instructor.client.data(
      `query ($id: ID!) {
        seminar(id: $id) { description }
        seminars(first: 100) { nodes { id description } }
        viewer { enrollments { nodes { seminar { description } } } }
      }`,
      { id: seminar.id },
    );
    expect(data.seminar.description).toBe("By the sea.");
    expect(data.seminars.nodes).toContainEqual({ id: seminar.id, description: "By the sea." });
    expect(data.viewer.enrollments.nodes).toEqual([{ seminar: { description: "By the sea." } }]);
    const document = `mutation ($input: CancelSeminarInput!) { cancelSeminar(input: $input) {
      ... on CancelSeminarSuccess { seminar { description } } } }`;
    const cancelled = await instructor.client.data(document, { input: { seminarId: seminar.id } });
    expect(cancelled.cancelSeminar.seminar.description).toBe("By the sea.");
  });

  test("counts the seats that are taken and the people who wait", async () => {
    const seminar = await server.world.seminar({ capacity: 4 }, await server.world.person({ instructor: true }));
    const [first, second, dropped, waiting] = (await server.world.people(4)) as [Person, Person, Person, Person];
    await server.world.enroll(seminar, first);
    await server.world.enroll(seminar, second);
    await server.world.enroll(seminar, dropped, { status: EnrollmentStatus.DROPPED });
    await server.world.enroll(seminar, waiting, { status: EnrollmentStatus.WAITLISTED });
    const { seminar: shown } = await dropped.client.data(seminarById, { id: seminar.id });
    expect(shown).toMatchObject({
      participantCount: 2,
      remainingSeats: 2,
      waitlistCount: 1,
      viewerEnrollment: { status: "DROPPED" },
    });
  });

  test("lists its instructors in the order of joining, also when it is over", async () => {
    const [first, second, third] = (await server.world.people(3, { instructor: true })) as [Person, Person, Person];
    const seminar = await server.world.seminar({ status: SeminarStatus.FINISHED });
    for (const person of [second, third, first]) {
      await server.world.enroll(seminar, person, { role: EnrollmentRole.INSTRUCTOR });
    }
    const { seminar: shown } = await server.anonymous.data(seminarById, { id: seminar.id });
    const usernames = shown.instructors.map((one: { user: { username: string } }) => one.user.username);
    expect(usernames).toEqual([second.username, third.username, first.username]);
    expect(shown.status).toBe("FINISHED");
  });

  test.each(["01980000-0000-7000-8000-000000000000", "seminar-1", "", "\0", "'; select 1"])(
    "is null for the id %j",
    async (id) => {
      expect(await server.anonymous.data(seminarById, { id })).toEqual({ seminar: null });
    },
  );

  test("is null for an id in capitals, since ids are compared as they are", async () => {
    const { id } = await server.world.seminar();
    expect(await server.anonymous.data(seminarById, { id: id.toUpperCase() })).toEqual({ seminar: null });
  });
});
