import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { Seminar } from "../../../src/catalogue/seminar.entity.ts";
import { EnrollmentRole, EnrollmentStatus } from "../../../src/enrollment/enrollment.entity.ts";
import { OnFull } from "../../../src/enrollment/enrollment.inputs.ts";
import { startTestServer, type TestServer } from "../../support/test-server.ts";
import { withoutChange } from "../../support/unchanged.ts";
import type { Person, PersonOptions } from "../../support/world.ts";
import { drop, join } from "../acts.ts";
import { full } from "../joining/situations.ts";

const { WAITLISTED } = EnrollmentStatus;
const orWait = { onFull: OnFull.WAITLIST };

describe("The waiting list", () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer();
  });
  afterAll(() => server.stop());

  test("J8, D6: takes who would rather wait than be refused, in the order of asking", async () => {
    const seminar = await full(server);
    const positions: unknown[] = [];
    for (const person of await server.world.people(3)) {
      const { enrollment, seminar: after } = await join(person, seminar, orWait);
      expect(enrollment?.status).toBe("WAITLISTED");
      positions.push([enrollment?.waitlistPosition, after.waitlistCount, after.participantCount]);
    }
    expect(positions).toEqual([
      [1, 1, 1],
      [2, 2, 1],
      [3, 3, 1],
    ]);
  });

  test("J8: is not for who can have a seat", async () => {
    const seminar = await server.world.seminar({ capacity: 1 });
    expect(await join(await server.world.person(), seminar, orWait)).toMatchObject({
      enrollment: { status: "ACTIVE", waitlistPosition: null },
      seminar: { participantCount: 1, waitlistCount: 0 },
    });
  });

  test("J8: is not for instructors, who need no seat", async () => {
    const seminar = await full(server);
    const person = await server.world.person({ instructor: true });
    expect(await join(person, seminar, { ...orWait, role: EnrollmentRole.INSTRUCTOR })).toMatchObject({
      enrollment: { role: "INSTRUCTOR", status: "ACTIVE", waitlistPosition: null },
      seminar: { waitlistCount: 0 },
    });
  });

  test("J6: cannot be joined twice; the place stays", async () => {
    const seminar = await full(server);
    const [first, second] = await waiting(server, seminar, 2);
    const answer = await withoutChange(server.database, () => join(first as Person, seminar, orWait));
    expect(answer.code).toBe("ALREADY_JOINED");
    expect(await positionOf(first as Person, seminar)).toBe(1);
    expect(await positionOf(second as Person, seminar)).toBe(2);
  });

  test("J8: nobody jumps it: a seat that is left is not for who comes later", async () => {
    const seminar = await server.world.seminar({ capacity: 5 });
    await waiting(server, seminar, 1);
    const person = await server.world.person();
    expect((await withoutChange(server.database, () => join(person, seminar))).code).toBe("SEMINAR_FULL");
    expect(await join(person, seminar, orWait)).toMatchObject({
      enrollment: { status: "WAITLISTED", waitlistPosition: 2 },
    });
  });

  const unpromotable: [string, PersonOptions][] = [
    ["is not accepted", { accepted: false }],
    ["is deactivated", { active: false }],
  ];
  test.each(unpromotable)("J8: a seat is free when the only one who waits %s", async (_name, options) => {
    const seminar = await server.world.seminar({ capacity: 2 });
    await waiting(server, seminar, 2, options);
    expect(await join(await server.world.person(), seminar, orWait)).toMatchObject({
      enrollment: { status: "ACTIVE" },
      seminar: { participantCount: 1, waitlistCount: 2 },
    });
  });

  test.each(unpromotable)(
    "J8: a seat is not free when one behind the one who %s could have it",
    async (_name, options) => {
      const seminar = await server.world.seminar({ capacity: 2 });
      await waiting(server, seminar, 1, options);
      await waiting(server, seminar, 1);
      const person = await server.world.person();
      expect((await withoutChange(server.database, () => join(person, seminar))).code).toBe("SEMINAR_FULL");
    },
  );

  test("J8: is about its own seminar only", async () => {
    await waiting(server, await server.world.seminar(), 2);
    const answer = await join(await server.world.person(), await server.world.seminar());
    expect(answer.__typename).toBe("JoinSeminarSuccess");
  });

  test("D4, D6: closes up when somebody leaves, who queues at the end when coming back", async () => {
    const seminar = await full(server);
    const [first, second, third] = (await waiting(server, seminar, 3)) as [Person, Person, Person];
    await drop(second, seminar);
    expect(await positionOf(first, seminar)).toBe(1);
    expect(await positionOf(second, seminar)).toBeNull();
    expect(await positionOf(third, seminar)).toBe(2);

    const { enrollment } = await join(second, seminar, orWait);
    expect(enrollment?.waitlistPosition).toBe(3);
    expect(await positionOf(third, seminar)).toBe(2);
  });

  test("D6: gives everybody a place of their own when all come at once", async () => {
    const seminar = await full(server);
    const people = await server.world.people(20);
    const answers = await Promise.all(people.map((person) => join(person, seminar, orWait)));
    expect(answers.map((answer) => answer.enrollment?.status)).toEqual(Array(20).fill("WAITLISTED"));
    const positions = await Promise.all(people.map((person) => positionOf(person, seminar)));
    expect(positions.sort((a, b) => Number(a) - Number(b))).toEqual(
      Array.from({ length: 20 }, (_, index) => index + 1),
    );
  });

  test("S6: is gone when the seminar is cancelled", async () => {
    const leader = await server.world.person({ instructor: true });
    const seminar = await server.world.seminar({ capacity: 1 }, leader);
    const [person] = (await waiting(server, seminar, 1)) as [Person];
    const { cancelSeminar } = await leader.client.data(
      `mutation Cancel($id: ID!) {
        cancelSeminar(input: { seminarId: $id }) { ... on CancelSeminarSuccess { seminar { waitlistCount } } }
      }`,
      { id: seminar.id },
    );
    expect(cancelSeminar).toEqual({ seminar: { waitlistCount: 0 } });
    expect(await positionOf(person, seminar)).toBeNull();
    expect(await withoutChange(server.database, () => drop(person, seminar))).toMatchObject({ enrollment: null });
  });
});

/** People on the waiting list, in the order in which they came. */
async function waiting(
  server: TestServer,
  seminar: Seminar,
  count: number,
  options?: PersonOptions,
): Promise<Person[]> {
  const people = await server.world.people(count, options);
  for (const person of people) await server.world.enroll(seminar, person, { status: WAITLISTED });
  return people;
}

async function positionOf({ client }: Person, seminar: Seminar): Promise<number | null> {
  const data = await client.data(
    "query Place($id: ID!) { seminar(id: $id) { viewerEnrollment { waitlistPosition } } }",
    {
      id: seminar.id,
    },
  );
  return data.seminar.viewerEnrollment?.waitlistPosition ?? null;
}
