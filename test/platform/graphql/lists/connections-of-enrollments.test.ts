import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { Seminar } from "../../../../src/catalogue/seminar.entity.ts";
import { EnrollmentRole, EnrollmentStatus } from "../../../../src/enrollment/enrollment.entity.ts";
import { StaffRole } from "../../../../src/platform/auth/staff-role.ts";
import { type AnsweredPage, idsOf, pageFields, walkPages } from "../../../support/pages.ts";
import { startTestServer, type TestServer } from "../../../support/test-server.ts";
import type { Person } from "../../../support/world.ts";

const participants = `query Participants($id: ID!, $first: Int, $after: String) {
  seminar(id: $id) { participants(first: $first, after: $after) { ${pageFields} } }
}`;
const userEnrollments = `query Enrollments(
  $id: ID!, $first: Int, $after: String, $role: EnrollmentRole, $status: EnrollmentStatus
) {
  user(id: $id) { enrollments(first: $first, after: $after, role: $role, status: $status) { ${pageFields} } }
}`;

describe("connections of enrollments", () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer();
  });
  afterAll(() => server.stop());

  describe("participants", () => {
    /** A seminar with 7 ACTIVE and DROPPED participants in turns, one WAITLISTED and an instructor. */
    async function crowded(): Promise<{ seminar: Seminar; participantIds: string[] }> {
      const { world } = server;
      const seminar = await world.seminar({}, await world.person({ instructor: true }));
      const participantIds: string[] = [];
      for (const [index, person] of (await world.people(7)).entries()) {
        const status = index % 2 ? EnrollmentStatus.DROPPED : EnrollmentStatus.ACTIVE;
        participantIds.push((await world.enroll(seminar, person, { status })).id);
      }
      await world.enroll(seminar, await world.person(), { status: EnrollmentStatus.WAITLISTED });
      return { seminar, participantIds };
    }

    test("are the ACTIVE and the DROPPED, in the order of joining", async () => {
      const { seminar, participantIds } = await crowded();
      const person = await server.world.person();
      const { seminar: shown } = await person.client.data(participants, { id: seminar.id });
      expect(idsOf(shown.participants)).toEqual(participantIds);
      expect(shown.participants.totalCount).toBe(7);
    });

    test("stay in the order of joining when somebody drops or the row is written anew", async () => {
      const { seminar, participantIds } = await crowded();
      const first = participantIds[0];
      await server.database.sql("update enrollments set status = 'DROPPED', dropped_at = now() where id = $1", [first]);
      const person = await server.world.person();
      const { seminar: shown } = await person.client.data(participants, { id: seminar.id });
      expect(idsOf(shown.participants)).toEqual(participantIds);
    });

    test.each([1, 3, 7])("come once each, %i at a time, while others join", async (first) => {
      const { seminar, participantIds } = await crowded();
      const person = await server.world.person();
      const late: string[] = [];
      const pages = await walkPages(
        async (after) =>
          (await person.client.data(participants, { id: seminar.id, first, after })).seminar.participants,
        async () => {
          if (late.length < 2) late.push((await server.world.enroll(seminar, await server.world.person())).id);
        },
      );
      expect(idsOf(...pages)).toEqual([...participantIds, ...late]);
      expect(pages.at(-1)?.totalCount).toBe(7 + late.length);
    });

    test("are null for who is not logged in, whatever page is asked for", async () => {
      const { seminar } = await crowded();
      expect(await server.anonymous.data(participants, { id: seminar.id })).toEqual({
        seminar: { participants: null },
      });
      expect(await server.anonymous.data(participants, { id: seminar.id, first: 0 })).toEqual({
        seminar: { participants: null },
      });
    });

    test("of many seminars, each with a page of its own, are those of each", async () => {
      const crowds = [await crowded(), await crowded()];
      const empty = await server.world.seminar();
      const person = await server.world.person();
      const fields = "{ nodes { id } totalCount pageInfo { hasNextPage } }";
      const data = await person.client.data(
        `query ($a: ID!, $b: ID!, $c: ID!) {
          a: seminar(id: $a) { two: participants(first: 2) ${fields} nine: participants(first: 9) ${fields} }
          b: seminar(id: $b) { two: participants(first: 2) ${fields} }
          c: seminar(id: $c) { two: participants(first: 2) ${fields} }
        }`,
        { a: crowds[0]?.seminar.id, b: crowds[1]?.seminar.id, c: empty.id },
      );
      const [a, b] = crowds.map((crowd) => crowd.participantIds.map((id) => ({ id })));
      const page = (nodes: object[] | undefined, totalCount: number, hasNextPage: boolean) => ({
        nodes,
        totalCount,
        pageInfo: { hasNextPage },
      });
      expect(data).toEqual({
        a: { two: page(a?.slice(0, 2), 7, true), nine: page(a, 7, false) },
        b: { two: page(b?.slice(0, 2), 7, true) },
        c: { two: page([], 0, false) },
      });
    });
  });

  describe("enrollments of a user", () => {
    const kinds = [
      [EnrollmentRole.PARTICIPANT, EnrollmentStatus.ACTIVE],
      [EnrollmentRole.PARTICIPANT, EnrollmentStatus.DROPPED],
      [EnrollmentRole.PARTICIPANT, EnrollmentStatus.WAITLISTED],
      [EnrollmentRole.INSTRUCTOR, EnrollmentStatus.ACTIVE],
    ] as const;
    let person: Person;
    const made: { id: string; role: EnrollmentRole; status: EnrollmentStatus }[] = [];
    beforeAll(async () => {
      person = await server.world.person({ instructor: true });
      for (const [role, status] of [...kinds, ...kinds.slice(0, 3), ...kinds.slice(0, 3)]) {
        const seminar = await server.world.seminar();
        made.unshift({ id: (await server.world.enroll(seminar, person, { role, status })).id, role, status });
      }
    });

    async function page(variables: object): Promise<AnsweredPage> {
      return (await person.client.data(userEnrollments, { id: person.id, ...variables })).user.enrollments;
    }

    const choices = [undefined, null, ...Object.values(EnrollmentRole)].flatMap((role) =>
      [undefined, null, ...Object.values(EnrollmentStatus)].map((status) => ({ role, status })),
    );
    test.each(choices)("with the filter %j are those that fit, newest first", async ({ role, status }) => {
      const expected = made
        .filter((one) => role == null || one.role === role)
        .filter((one) => status == null || one.status === status);
      const shown = await page({ role, status });
      expect(idsOf(shown)).toEqual(expected.map((one) => one.id));
      expect(shown.totalCount).toBe(expected.length);
    });

    test("come once each, three at a time, in every filter", async () => {
      for (const status of [null, EnrollmentStatus.ACTIVE]) {
        const expected = made.filter((one) => status === null || one.status === status);
        const pages = await walkPages((after) => page({ first: 3, after, status }));
        expect(idsOf(...pages)).toEqual(expected.map((one) => one.id));
      }
    });

    test("A5: are shown to the user and to staff, and are null for everyone else", async () => {
      const staff = await server.world.person({ staffRole: StaffRole.VIEWER });
      const stranger = await server.world.person();
      const { user } = await staff.client.data(userEnrollments, { id: person.id });
      expect(idsOf(user.enrollments)).toEqual(made.map((one) => one.id));
      for (const client of [stranger.client, server.anonymous]) {
        expect(await client.data(userEnrollments, { id: person.id })).toEqual({ user: { enrollments: null } });
      }
    });

    test("A5: an instructor sees those in the own seminars only, with their count, by the same filters", async () => {
      const instructor = await server.world.person({ instructor: true });
      const someone = await server.world.person();
      const own = await server.world.seminar({}, instructor);
      const inOwn = await server.world.enroll(own, someone);
      await server.world.enroll(await server.world.seminar(), someone);
      const { user } = await instructor.client.data(userEnrollments, { id: someone.id });
      expect(idsOf(user.enrollments)).toEqual([inOwn.id]);
      expect(user.enrollments.totalCount).toBe(1);
      const filtered = await instructor.client.data(userEnrollments, { id: someone.id, status: "WAITLISTED" });
      expect(filtered.user.enrollments).toMatchObject({ totalCount: 0, nodes: [] });
    });
  });
});
