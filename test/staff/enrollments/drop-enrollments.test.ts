import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { v7 as uuidv7 } from "uuid";
import { EnrollmentRole, EnrollmentStatus } from "../../../src/enrollment/enrollment.entity.ts";
import { StaffRole } from "../../../src/platform/auth/staff-role.ts";
import { queuedJobs, until } from "../../support/queue.ts";
import { startTestServer, startTestWorker, type TestServer } from "../../support/test-server.ts";
import { withoutChange } from "../../support/unchanged.ts";
import type { Person } from "../../support/world.ts";
import { dropEnrollments, refusals, reinstateEnrollments } from "./enrollment-acts.ts";

const { ACTIVE, DROPPED, WAITLISTED } = EnrollmentStatus;

let server: TestServer;
let editor: Person;
beforeAll(async () => {
  server = await startTestServer();
  editor = await server.world.person({ staffRole: StaffRole.EDITOR });
});
afterAll(() => server.stop());

const enroll = async (seminar: { id: string }, status: EnrollmentStatus) =>
  (await server.world.enroll(seminar, await server.world.person(), { status })).id;

async function row(id: string) {
  const [found] = await server.database.sql<{ status: string; dropped_at: Date | null; joined_at: Date }>(
    "select status, dropped_at, joined_at from enrollments where id = $1",
    [id],
  );
  return found ?? null;
}

async function counts(seminar: { id: string }) {
  const [found] = await server.database.sql("select participant_count, waitlist_count from seminars where id = $1", [
    seminar.id,
  ]);
  return found;
}

describe("dropEnrollments", () => {
  test("takes participants out of several seminars, with an entry and a mail for each", async () => {
    const seminars = [await server.world.seminar(), await server.world.seminar()] as const;
    const ids = [
      await enroll(seminars[1], ACTIVE),
      await enroll(seminars[0], ACTIVE),
      await enroll(seminars[1], ACTIVE),
    ];
    const before = (await queuedJobs(server.database)).length;
    expect(await dropEnrollments(editor, ids)).toEqual({ succeededIds: ids, refused: [] });
    for (const id of ids) expect(await row(id)).toMatchObject({ status: "DROPPED", dropped_at: expect.any(Date) });
    for (const seminar of seminars) expect(await counts(seminar)).toEqual({ participant_count: 0, waitlist_count: 0 });

    const added = (await queuedJobs(server.database)).slice(before);
    const entries = added.filter(({ task }) => task === "writeAuditEntry").flatMap(({ payload }) => payload);
    expect(new Set(entries.map(({ targetId }) => targetId))).toEqual(new Set(ids));
    for (const entry of entries) {
      expect(entry).toMatchObject({
        actorId: editor.id,
        action: "dropEnrollments",
        changes: { status: ["ACTIVE", "DROPPED"], droppedAt: [null, expect.any(String)] },
      });
    }
    expect(added.filter(({ task }) => task === "mailDropped")).toHaveLength(3);
    const promotions = added.filter(({ task }) => task === "promoteWaitingList");
    expect(new Set(promotions.map(({ payload }) => payload.seminarId))).toEqual(new Set(seminars.map(({ id }) => id)));
  });

  test("D4: takes people off waiting lists, for good", async () => {
    const seminar = await server.world.seminar({ capacity: 1 });
    await enroll(seminar, ACTIVE);
    const waiting = await enroll(seminar, WAITLISTED);
    expect((await dropEnrollments(editor, [waiting])).succeededIds).toEqual([waiting]);
    expect(await row(waiting)).toBeNull();
    expect(await counts(seminar)).toEqual({ participant_count: 1, waitlist_count: 0 });
    expect(refusals(await dropEnrollments(editor, [waiting]))).toEqual([[waiting, "NOT_FOUND"]]);
  });

  test("D1, D2: refuses instructors, the dropped and the unknown, and drops the others", async () => {
    const seminar = await server.world.seminar();
    const leading = await server.world.enroll(seminar, await server.world.person({ instructor: true }), {
      role: EnrollmentRole.INSTRUCTOR,
    });
    const dropped = await enroll(seminar, DROPPED);
    const active = await enroll(seminar, ACTIVE);
    const unknown = uuidv7();
    const droppedBefore = await row(dropped);
    const answer = await dropEnrollments(editor, [leading.id, dropped, unknown, "no-id", active]);
    expect(answer.succeededIds).toEqual([active]);
    expect(refusals(answer)).toEqual([
      [leading.id, "INSTRUCTOR_CANNOT_DROP"],
      [dropped, "ALREADY_DROPPED"],
      [unknown, "NOT_FOUND"],
      ["no-id", "NOT_FOUND"],
    ]);
    expect(await row(dropped)).toEqual(droppedBefore);
  });

  test("D5: a seat that staff free goes to the first who waits", async () => {
    const seminar = await server.world.seminar({ capacity: 1 });
    const seat = await enroll(seminar, ACTIVE);
    const first = await enroll(seminar, WAITLISTED);
    const second = await enroll(seminar, WAITLISTED);
    await dropEnrollments(editor, [seat]);
    const worker = await startTestWorker(server.database);
    await until(async () => (await row(first))?.status === "ACTIVE");
    await worker.stop();
    expect(await row(second)).toMatchObject({ status: "WAITLISTED" });
  });
});

describe("reinstateEnrollments", () => {
  test("D3: gives a seat back, in the place that the person had", async () => {
    const seminar = await server.world.seminar();
    const id = await enroll(seminar, DROPPED);
    const before = await row(id);
    expect((await reinstateEnrollments(editor, [id])).succeededIds).toEqual([id]);
    expect(await row(id)).toEqual({ ...before, status: "ACTIVE", dropped_at: null });
    expect(await counts(seminar)).toEqual({ participant_count: 1, waitlist_count: 0 });
    const jobs = (await queuedJobs(server.database)).slice(-2);
    expect(jobs.find(({ task }) => task === "writeAuditEntry")?.payload).toMatchObject([
      { action: "reinstateEnrollments", targetId: id, changes: { status: ["DROPPED", "ACTIVE"] } },
    ]);
    expect(jobs.find(({ task }) => task === "mailJoined")?.payload).toEqual({ enrollmentId: id });
  });

  test("D3: needs a free seat, in the order of the ids of one seminar", async () => {
    const seminar = await server.world.seminar({ capacity: 1 });
    const [first, second] = [await enroll(seminar, DROPPED), await enroll(seminar, DROPPED)];
    const answer = await reinstateEnrollments(editor, [second, first]);
    expect(answer.succeededIds).toEqual([first]);
    expect(refusals(answer)).toEqual([[second, "SEMINAR_FULL"]]);
  });

  test("D3, D5: the waiting list goes first, and is looked at again", async () => {
    const seminar = await server.world.seminar({ capacity: 1 });
    const dropped = await enroll(seminar, DROPPED);
    const waiting = await enroll(seminar, WAITLISTED);
    expect(refusals(await reinstateEnrollments(editor, [dropped]))).toEqual([[dropped, "SEMINAR_FULL"]]);
    const worker = await startTestWorker(server.database);
    await until(async () => (await row(waiting))?.status === "ACTIVE");
    await worker.stop();
    expect(await row(dropped)).toMatchObject({ status: "DROPPED" });
  });

  test("refuses who has not dropped, who is no longer accepted, and what is unknown", async () => {
    const seminar = await server.world.seminar({ capacity: 5 });
    const active = await enroll(seminar, ACTIVE);
    const person = await server.world.person({ accepted: false });
    const notAccepted = await server.world.enroll(seminar, person, { status: DROPPED });
    const unknown = uuidv7();
    const answer = await withoutChange(server.database, () =>
      reinstateEnrollments(editor, [active, notAccepted.id, unknown]),
    );
    expect(refusals(answer)).toEqual([
      [active, "NOT_DROPPED"],
      [notAccepted.id, "NOT_ACCEPTED"],
      [unknown, "NOT_FOUND"],
    ]);
  });

  test("S6: refuses in a seminar that does not take place", async () => {
    const seminar = await server.world.seminar();
    const id = await enroll(seminar, DROPPED);
    await server.database.sql("update seminars set status = 'CANCELLED' where id = $1", [seminar.id]);
    expect(refusals(await reinstateEnrollments(editor, [id]))).toEqual([[id, "NOT_SCHEDULED"]]);
  });
});
