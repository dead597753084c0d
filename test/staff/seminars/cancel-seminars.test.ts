import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { SeminarStatus } from "../../../src/catalogue/seminar.entity.ts";
import { EnrollmentStatus } from "../../../src/enrollment/enrollment.entity.ts";
import { StaffRole } from "../../../src/platform/auth/staff-role.ts";
import { brokenInvariants } from "../../support/invariants.ts";
import { queuedJobs } from "../../support/queue.ts";
import { startTestServer, type TestServer } from "../../support/test-server.ts";
import type { Person } from "../../support/world.ts";
import { bulk } from "../acts.ts";
import { entriesAbout } from "../audit-trail.ts";
import { refusals } from "../enrollments/enrollment-acts.ts";

describe("cancelSeminars", () => {
  let server: TestServer;
  let editors: Person[];
  beforeAll(async () => {
    server = await startTestServer();
    editors = await server.world.people(2, { staffRole: StaffRole.EDITOR });
  });
  afterAll(() => server.stop());

  const cancel = (editor: number, ids: readonly string[]) =>
    bulk(editors[editor] as Person, "cancelSeminars", { seminarIds: ids });

  test("S6: cancels each that is SCHEDULED as cancelSeminar does: its waiting list goes, and everybody is told", async () => {
    const [one, other] = [await server.world.seminar(), await server.world.seminar()];
    const finished = await server.world.seminar({ status: SeminarStatus.FINISHED });
    const [seated, waiting] = (await server.world.people(2)) as [Person, Person];
    await server.world.enroll(one, seated);
    const gone = await server.world.enroll(one, waiting, { status: EnrollmentStatus.WAITLISTED });

    const answer = await cancel(0, [other.id, finished.id, "no-seminar", one.id]);
    expect(answer.succeededIds).toEqual([other.id, one.id]);
    expect(refusals(answer)).toEqual([
      [finished.id, "NOT_SCHEDULED"],
      ["no-seminar", "NOT_FOUND"],
    ]);
    const rows = await server.database.sql("select user_id, status from enrollments where seminar_id = $1", [one.id]);
    expect(rows).toEqual([{ user_id: seated.id, status: "ACTIVE" }]);
    expect(await brokenInvariants(server.database)).toEqual({});

    const mails = await queuedJobs(server.database, "mailSeminarCancelled");
    expect(mails.map(({ payload }) => payload)).toEqual([
      { seminarId: one.id, alsoUserIds: [waiting.id] },
      { seminarId: other.id, alsoUserIds: [] },
    ]);
    expect(await entriesAbout(server.database, one.id, other.id, finished.id, gone.id)).toEqual([
      ["cancelSeminars", "Seminar", one.id, { status: ["SCHEDULED", "CANCELLED"] }],
      ["cancelSeminars", "Enrollment", gone.id, { status: ["WAITLISTED", null] }],
      ["cancelSeminars", "Seminar", other.id, { status: ["SCHEDULED", "CANCELLED"] }],
    ]);
  });

  test("S6: each of those that two EDITORs cancel at once is cancelled by one of them", async () => {
    const seminars = await Promise.all(Array.from({ length: 40 }, () => server.world.seminar()));
    const ids = seminars.map(({ id }) => id);
    const answers = await Promise.all([cancel(0, ids), cancel(1, ids.toReversed())]);
    expect(answers.flatMap(({ succeededIds }) => succeededIds).sort()).toEqual([...ids].sort());
    expect(answers.flatMap(refusals).sort()).toEqual(ids.map((id) => [id, "NOT_SCHEDULED"]).sort());
    expect(await entriesAbout(server.database, ...ids)).toHaveLength(40);
  });
});
