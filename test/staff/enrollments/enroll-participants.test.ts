import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { v7 as uuidv7 } from "uuid";
import { SeminarStatus } from "../../../src/catalogue/seminar.entity.ts";
import { EnrollmentRole, EnrollmentStatus } from "../../../src/enrollment/enrollment.entity.ts";
import { StaffRole } from "../../../src/platform/auth/staff-role.ts";
import { Locale } from "../../../src/platform/locale.ts";
import { closed, instructor, notOpenYet, seminarWith } from "../../enrollment/joining/situations.ts";
import { queuedEntries, queuedJobs } from "../../support/queue.ts";
import { startTestServer, type TestServer } from "../../support/test-server.ts";
import { withoutChange } from "../../support/unchanged.ts";
import type { Person } from "../../support/world.ts";
import { enrollParticipants, refusals } from "./enrollment-acts.ts";

describe("enrollParticipants", () => {
  let server: TestServer;
  let editor: Person;
  beforeAll(async () => {
    server = await startTestServer();
    editor = await server.world.person({ staffRole: StaffRole.EDITOR });
  });
  afterAll(() => server.stop());

  const idsOf = (people: readonly Person[]) => people.map(({ id }) => id);
  const places = (seminar: { id: string }) =>
    server.database.sql<{ id: string; user_id: string; status: string }>(
      "select id, user_id, status from enrollments where seminar_id = $1 order by sequence",
      [seminar.id],
    );

  test("J8: gives seats in the order of the ids while there are some", async () => {
    const seminar = await server.world.seminar({ capacity: 2 });
    const [first, second, third] = idsOf(await server.world.people(3)) as [string, string, string];
    const answer = await enrollParticipants(editor, seminar, [third, first, second]);
    expect(answer.succeededIds).toEqual([third, first]);
    expect(refusals(answer)).toEqual([[second, "SEMINAR_FULL"]]);
    expect((await places(seminar)).map((row) => [row.user_id, row.status])).toEqual([
      [third, "ACTIVE"],
      [first, "ACTIVE"],
    ]);
  });

  test("J8: does not jump the waiting list", async () => {
    const seminar = await server.world.seminar({ capacity: 2 });
    await server.world.enroll(seminar, await server.world.person(), { status: EnrollmentStatus.WAITLISTED });
    const person = await server.world.person();
    expect(refusals(await enrollParticipants(editor, seminar, [person.id]))).toEqual([[person.id, "SEMINAR_FULL"]]);
  });

  test("J3: is not bound by the registration window", async () => {
    const people = await server.world.people(2);
    for (const seminar of [await notOpenYet(server), await closed(server)]) {
      expect((await enrollParticipants(editor, seminar, idsOf(people))).succeededIds).toEqual(idsOf(people));
    }
  });

  test.each([SeminarStatus.CANCELLED, SeminarStatus.FINISHED])("J3: refuses a seminar that is %s", async (status) => {
    const seminar = await seminarWith(server, status);
    const person = await server.world.person();
    const answer = await withoutChange(server.database, () => enrollParticipants(editor, seminar, [person.id]));
    expect(refusals(answer)).toEqual([[person.id, "NOT_SCHEDULED"]]);
  });

  test("J4-J6: refuses each one who may not join, and nobody else", async () => {
    const seminar = await server.world.seminar();
    const fine = await server.world.person();
    const noProfile = await instructor(server);
    const notAccepted = await server.world.person({ accepted: false });
    const inIt = await server.world.person();
    const waiting = await server.world.person({ accepted: false });
    const leading = await server.world.person({ instructor: true });
    await server.world.enroll(seminar, inIt);
    await server.world.enroll(seminar, waiting, { status: EnrollmentStatus.WAITLISTED });
    await server.world.enroll(seminar, leading, { role: EnrollmentRole.INSTRUCTOR });
    const unknown = uuidv7();
    const asked = [noProfile.id, notAccepted.id, inIt.id, waiting.id, leading.id, unknown, "no-id", fine.id];
    const answer = await enrollParticipants(editor, seminar, asked);
    expect(answer.succeededIds).toEqual([fine.id]);
    expect(refusals(answer)).toEqual([
      [noProfile.id, "MISSING_PROFILE"],
      [notAccepted.id, "NOT_ACCEPTED"],
      [inIt.id, "ALREADY_JOINED"],
      [waiting.id, "NOT_ACCEPTED"],
      [leading.id, "ALREADY_JOINED"],
      [unknown, "NOT_FOUND"],
      ["no-id", "NOT_FOUND"],
    ]);
  });

  test("D3: enrolls who dropped before, in the old place", async () => {
    const seminar = await server.world.seminar();
    const person = await server.world.person();
    const dropped = await server.world.enroll(seminar, person, { status: EnrollmentStatus.DROPPED });
    expect((await enrollParticipants(editor, seminar, [person.id])).succeededIds).toEqual([person.id]);
    expect(await places(seminar)).toEqual([{ id: dropped.id, user_id: person.id, status: "ACTIVE" }]);
    const [entry] = (await queuedEntries(server.database)).slice(-1);
    expect(entry).toMatchObject({
      actorId: editor.id,
      action: "enrollParticipants",
      targetType: "Enrollment",
      targetId: dropped.id,
      changes: { status: ["DROPPED", "ACTIVE"], droppedAt: [expect.any(String), null] },
    });
  });

  test("leaves one audit entry and one mail for each new enrollment, and none for a refusal", async () => {
    const seminar = await server.world.seminar({ capacity: 3 });
    const people = await server.world.people(5);
    const before = (await queuedJobs(server.database)).length;
    await enrollParticipants(editor, seminar, idsOf(people));
    const added = (await queuedJobs(server.database)).slice(before);
    const rows = await places(seminar);
    const entries = added.filter(({ task }) => task === "writeAuditEntry").flatMap(({ payload }) => payload);
    expect(entries.map(({ action, targetId }) => [action, targetId])).toEqual(
      rows.map(({ id }) => ["enrollParticipants", id]),
    );
    const mails = added.filter(({ task }) => task === "mailJoined");
    expect(mails.map(({ payload }) => payload.enrollmentId).sort()).toEqual(rows.map(({ id }) => id).sort());
    expect(added).toHaveLength(1 + mails.length);
  });

  test("answers once for each id as it was given, a repeated one like the first", async () => {
    const seminar = await server.world.seminar();
    const person = await server.world.person();
    expect(await enrollParticipants(editor, seminar, [person.id, person.id])).toEqual({
      succeededIds: [person.id, person.id],
      refused: [],
    });
    expect(await places(seminar)).toHaveLength(1);
  });

  test("takes 500 ids, in the order given, and not one more", async () => {
    const seminar = await server.world.seminar({ capacity: 400 });
    const ids = idsOf(await server.world.people(501)).reverse();
    const tooMany = await editor.client.send(
      "mutation ($input: EnrollParticipantsInput!) { enrollParticipants(input: $input) { succeededIds } }",
      { input: { seminarId: seminar.id, userIds: ids } },
    );
    expect(tooMany.body.errors?.[0]?.extensions).toMatchObject({
      code: "BAD_USER_INPUT",
      fields: [{ path: ["input", "userIds"] }],
    });
    expect(await places(seminar)).toEqual([]);
    const answer = await enrollParticipants(editor, seminar, ids.slice(1));
    expect(answer.succeededIds).toEqual(ids.slice(1, 401));
    expect(refusals(answer)).toEqual(ids.slice(401).map((id) => [id, "SEMINAR_FULL"]));
  });

  test("answers NOT_FOUND for a seminar that does not exist, whoever is named", async () => {
    for (const id of [uuidv7(), "no-id"]) {
      const { body } = await editor.client.send(
        "mutation ($input: EnrollParticipantsInput!) { enrollParticipants(input: $input) { succeededIds } }",
        { input: { seminarId: id, userIds: [] } },
      );
      expect(body.errors?.[0]?.extensions.code).toBe("NOT_FOUND");
    }
  });

  test("tells staff why in their language, about the user", async () => {
    const korean = await server.world.person({ staffRole: StaffRole.EDITOR, locale: Locale.KO });
    const person = await server.world.person({ accepted: false });
    const { refused } = await enrollParticipants(korean, await server.world.seminar(), [person.id]);
    expect(refused).toEqual([{ id: person.id, code: "NOT_ACCEPTED", message: "참여자로 승인되지 않은 사용자입니다." }]);
  });
});
