import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { Seminar } from "../../src/catalogue/seminar.entity.ts";
import { EnrollmentRole, EnrollmentStatus } from "../../src/enrollment/enrollment.entity.ts";
import type { GraphqlClient } from "../support/client.ts";
import { startTestServer, type TestServer } from "../support/test-server.ts";
import type { Person } from "../support/world.ts";

const card = "id username firstName lastName participant { university } instructor { company }";

/** For knowing who asks. */
const viewerBudget = 1;

describe("the number of SQL statements", () => {
  let server: TestServer;
  let viewer: Person;
  let instructor: Person;
  let crowded: Seminar;
  beforeAll(async () => {
    server = await startTestServer();
    const { world } = server;
    viewer = await world.person();
    instructor = await world.person({ instructor: true });
    const participants = await world.people(5);
    for (let index = 0; index < 20; index++) {
      const seminar = await world.seminar({ capacity: 100 }, await world.person({ instructor: true }));
      for (const person of participants) await world.enroll(seminar, person);
      const status = index % 2 ? EnrollmentStatus.WAITLISTED : EnrollmentStatus.ACTIVE;
      await world.enroll(seminar, viewer, { status });
    }
    crowded = await world.seminar({ capacity: 100 }, instructor);
    for (const person of await world.people(50)) await world.enroll(crowded, person);
    await world.enroll(crowded, await world.person({ instructor: true }), { role: EnrollmentRole.INSTRUCTOR });
  });
  afterAll(() => server.stop());

  /** How many statements the server says that the operation took. */
  async function statementsOf(client: GraphqlClient, query: string, variables: object): Promise<number> {
    const before = server.logLines.length;
    await client.data(query, variables);
    const lines = server.logLines.slice(before).map((line) => JSON.parse(line));
    const [line, ...others] = lines.filter(({ msg }) => msg === "operation");
    expect(others).toEqual([]);
    return line.sqlCount;
  }

  /** Holds the page to its budget, whether it has few items or many. */
  async function expectBudget(budget: number, client: GraphqlClient, query: string, sizes: [number, number]) {
    for (const first of sizes) {
      const statements = await statementsOf(client, query, { first, id: crowded.id });
      expect({ first, statements }).toEqual({ first, statements: budget });
    }
  }

  const list = `query ($first: Int) { seminars(first: $first) {
    totalCount pageInfo { hasNextPage }
    nodes { id name participantCount remainingSeats waitlistCount instructors { user { ${card} } } }
  } }`;

  test("of the list with instructors and counts is 4: seminars, their number, enrollments, users", async () => {
    await expectBudget(4, server.anonymous, list, [2, 20]);
    await expectBudget(viewerBudget + 4, viewer.client, list, [2, 20]);
  });

  test("of the list without its number is 3", async () => {
    await expectBudget(3, server.anonymous, list.replace("totalCount", ""), [2, 20]);
  });

  test("of the list with descriptions, which are read only then, is 4", async () => {
    await expectBudget(
      4,
      server.anonymous,
      list.replace("totalCount", "").replace("name", "name description"),
      [2, 20],
    );
  });

  const detail = `query ($id: ID!, $first: Int) { seminar(id: $id) {
    name description participantCount instructors { user { ${card} } }
    participants(first: $first) { totalCount nodes { status joinedAt user { ${card} } } }
    viewerEnrollment { status } joinEligibility
  } }`;

  test("of the detail with participants and their names is at most 8", async () => {
    // The seminar; its instructors, participants, their number, the viewer's place, the facts of joining; and users,
    // twice unless instructors and participants come from the database at the same moment.
    for (const first of [2, 50]) {
      const statements = await statementsOf(viewer.client, detail, { id: crowded.id, first });
      expect([7, 8]).toContain(statements - viewerBudget);
    }
  });

  const contacts = `query ($id: ID!, $first: Int) { seminar(id: $id) { participants(first: $first) { nodes {
    user { ${card} email participant { accepted } enrollments(first: 3) { totalCount nodes { seminar { name } } } }
  } } } }`;

  test("of the participants as their instructor sees them, with their enrollments, is 6", async () => {
    // Seminar, participants, users, whether the viewer instructs them, enrollments, their number.
    await expectBudget(viewerBudget + 6, instructor.client, contacts, [2, 50]);
  });

  const places = `query ($first: Int) { viewer { username enrollments(first: $first) { totalCount nodes {
    role status waitlistPosition seminar { name participantCount instructors { user { ${card} } } }
  } } } }`;

  test("of the viewer's enrollments with seminars and their instructors is 7", async () => {
    // The viewer, enrollments, their number, waiting list, seminars, instructors, users.
    await expectBudget(viewerBudget + 7, viewer.client, places, [2, 20]);
  });

  const chances = `query ($first: Int) { seminars(first: $first) { nodes {
    name viewerEnrollment { status waitlistPosition } joinEligibility asInstructor: joinEligibility(role: INSTRUCTOR)
  } } }`;

  test("of the list with the viewer's place and chances is 4", async () => {
    // Seminars, places, waiting list, facts of joining.
    await expectBudget(viewerBudget + 4, viewer.client, chances, [3, 20]);
  });

  const crowds = `query ($first: Int) { seminars(first: $first) { nodes {
    name participants(first: 5) { totalCount pageInfo { hasNextPage } nodes { user { ${card} } } }
  } } }`;

  test("of the list with a page of participants for each seminar is 4", async () => {
    // Seminars, participants, their numbers, users.
    await expectBudget(viewerBudget + 4, viewer.client, crowds, [2, 20]);
  });

  test("of joining, and of dropping, does not depend on how many people are in the seminar", async () => {
    const join = `mutation ($id: ID!) { joinSeminar(input: { seminarId: $id }) {
      ... on JoinSeminarSuccess { enrollment { id user { ${card} } } seminar { participantCount } }
    } }`;
    const drop = `mutation ($id: ID!) { dropSeminar(input: { seminarId: $id }) {
      ... on DropSeminarSuccess { enrollment { id } seminar { participantCount } }
    } }`;
    const empty = await server.world.seminar();
    for (const { id } of [empty, crowded]) {
      const person = await server.world.person();
      // The look; begin, lock, facts, insert, jobs, the seminar again, commit; then the user for the answer.
      expect(await statementsOf(person.client, join, { id })).toBe(viewerBudget + 9);
      // Begin, lock, enrollment, update, jobs, the seminar again, commit.
      expect(await statementsOf(person.client, drop, { id })).toBe(viewerBudget + 7);
    }
  });
});
