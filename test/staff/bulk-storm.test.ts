import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { EnrollmentStatus } from "../../src/enrollment/enrollment.entity.ts";
import { StaffRole } from "../../src/platform/auth/staff-role.ts";
import { join } from "../enrollment/acts.ts";
import { makeCrowd, openSeminar, patience, seatsTaken, tally } from "../support/crowd.ts";
import { brokenInvariants } from "../support/invariants.ts";
import { startTestServer, type TestServer } from "../support/test-server.ts";
import type { Person } from "../support/world.ts";
import { dropEnrollments, enrollParticipants, reinstateEnrollments } from "./enrollments/enrollment-acts.ts";

describe("Bulk mutations at the same time as everything else", () => {
  let server: TestServer;
  let editors: [Person, Person];
  beforeAll(async () => {
    server = await startTestServer({ variables: patience });
    editors = (await server.world.people(2, { staffRole: StaffRole.EDITOR })) as [Person, Person];
  });
  afterAll(() => server.stop());

  test("500 people enrolled by staff amid a storm of joins: each seat once, each answer true", async () => {
    const seminarId = await openSeminar(server.database, 550);
    const invited = await makeCrowd(server.database, 500);
    const others = await server.world.people(300);
    const [bulk, pressed] = await Promise.all([
      enrollParticipants(
        editors[0],
        { id: seminarId },
        invited.map(({ id }) => id),
      ),
      Promise.all(others.map((person) => join(person, { id: seminarId }))),
    ]);
    const joined = tally(pressed.map(({ __typename, code }) => code ?? __typename));
    expect(bulk.succeededIds.length + (joined.JoinSeminarSuccess ?? 0)).toBe(550);
    expect(bulk.refused.map(({ code }) => code)).toEqual(bulk.refused.map(() => "SEMINAR_FULL"));
    expect(Object.keys(joined).filter((outcome) => !["JoinSeminarSuccess", "SEMINAR_FULL"].includes(outcome))).toEqual(
      [],
    );
    expect(await seatsTaken(server.database, seminarId)).toEqual({ counter: 550, rows: 550 });
    const rows = await server.database.sql<{ user_id: string }>(
      "select user_id from enrollments where seminar_id = $1 and user_id = any($2)",
      [seminarId, invited.map(({ id }) => id)],
    );
    expect(new Set(rows.map((row) => row.user_id))).toEqual(new Set(bulk.succeededIds));
  });

  test("two EDITORs drop and reinstate the same 200 rows of five seminars: the rows are as the answers say", async () => {
    const seminars = await Promise.all([1, 2, 3, 4, 5].map(() => server.world.seminar({ capacity: 40 })));
    const people = await server.world.people(40);
    const ids: string[] = [];
    for (const seminar of seminars) {
      for (const person of people) ids.push((await server.world.enroll(seminar, person)).id);
    }
    const answers = await Promise.all([
      dropEnrollments(editors[0], ids),
      dropEnrollments(editors[1], [...ids].reverse()),
    ]);
    for (const id of ids) {
      expect(answers.filter(({ succeededIds }) => succeededIds.includes(id))).toHaveLength(1);
    }
    expect(answers.flatMap(({ refused }) => refused.map(({ code }) => code))).toEqual(ids.map(() => "ALREADY_DROPPED"));

    const again = await Promise.all([
      reinstateEnrollments(editors[1], ids),
      dropEnrollments(editors[0], [...ids].reverse()),
    ]);
    const statuses = new Map(
      (
        await server.database.sql<{ id: string; status: EnrollmentStatus }>(
          "select id, status from enrollments where id = any($1)",
          [ids],
        )
      ).map(({ id, status }) => [id, status]),
    );
    expect(again[0].succeededIds).toEqual(ids);
    const dropped = new Set(again[1].succeededIds);
    for (const id of ids) {
      expect(statuses.get(id)).toBe(dropped.has(id) ? EnrollmentStatus.DROPPED : EnrollmentStatus.ACTIVE);
    }
    expect(await brokenInvariants(server.database)).toEqual({});
  });
});
