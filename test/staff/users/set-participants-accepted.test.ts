import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { EnrollmentStatus } from "../../../src/enrollment/enrollment.entity.ts";
import { StaffRole } from "../../../src/platform/auth/staff-role.ts";
import { join } from "../../enrollment/acts.ts";
import { writingNothing } from "../../support/every-row.ts";
import { queuedJobs, until } from "../../support/queue.ts";
import { startTestServer, startTestWorker, type TestServer } from "../../support/test-server.ts";
import type { Person } from "../../support/world.ts";
import { bulk } from "../acts.ts";
import { entriesAbout } from "../audit-trail.ts";
import { refusals } from "../enrollments/enrollment-acts.ts";

describe("setParticipantsAccepted", () => {
  let server: TestServer;
  let editor: Person;
  beforeAll(async () => {
    server = await startTestServer();
    editor = await server.world.person({ staffRole: StaffRole.EDITOR });
  });
  afterAll(() => server.stop());

  const setAccepted = (accepted: boolean, ...people: { id: string }[]) =>
    bulk(editor, "setParticipantsAccepted", { userIds: people.map(({ id }) => id), accepted });

  test("J5: lets people join who could not before", async () => {
    const people = await server.world.people(3, { accepted: false });
    const seminar = await server.world.seminar();
    for (const person of people) expect((await join(person, seminar)).code).toBe("NOT_ACCEPTED");
    expect(await setAccepted(true, ...people)).toEqual({ succeededIds: people.map(({ id }) => id), refused: [] });
    for (const person of people) expect((await join(person, seminar)).__typename).toBe("JoinSeminarSuccess");
    expect(await entriesAbout(server.database, ...people.map(({ id }) => id))).toEqual(
      people.map(({ id }) => ["setParticipantsAccepted", "User", id, { participantAccepted: [false, true] }]),
    );
  });

  test("A3: losing acceptance takes no seat away, and stops new joins", async () => {
    const person = await server.world.person();
    const [first, second] = [await server.world.seminar(), await server.world.seminar()];
    await join(person, first);
    expect((await setAccepted(false, person)).succeededIds).toEqual([person.id]);
    const [row] = await server.database.sql("select status from enrollments where user_id = $1", [person.id]);
    expect(row).toEqual({ status: "ACTIVE" });
    expect((await join(person, second)).code).toBe("NOT_ACCEPTED");
  });

  test("what is so already succeeds, and leaves no trace", async () => {
    const person = await server.world.person();
    const answer = await writingNothing(server.database, () => setAccepted(true, person));
    expect(answer).toEqual({ succeededIds: [person.id], refused: [] });
    expect(await entriesAbout(server.database, person.id)).toEqual([]);
  });

  test("A2: is only for participants who exist; one refusal does not undo the others", async () => {
    const person = await server.world.person({ accepted: false });
    const instructor = await server.world.person({ participant: false, instructor: true });
    const nobody = { id: "01980000-0000-7000-8000-000000000000" };
    const answer = await setAccepted(true, nobody, person, instructor, { id: "nobody" });
    expect(answer.succeededIds).toEqual([person.id]);
    expect(refusals(answer)).toEqual([
      [nobody.id, "NOT_FOUND"],
      [instructor.id, "MISSING_PROFILE"],
      ["nobody", "NOT_FOUND"],
    ]);
    expect(answer.refused.map(({ message }) => message)).toEqual([
      "There is nothing with this id.",
      "The user has no participant profile.",
      "There is nothing with this id.",
    ]);
  });

  test("D5: who is accepted again gets the seats that were waited for, in one promotion for each seminar", async () => {
    const [first, second] = [await server.world.seminar({ capacity: 1 }), await server.world.seminar({ capacity: 1 })];
    const people = await server.world.people(2, { accepted: false });
    for (const seminar of [first, second]) {
      for (const person of people) await server.world.enroll(seminar, person, { status: EnrollmentStatus.WAITLISTED });
    }
    await setAccepted(false, ...people);
    expect(await queuedJobs(server.database, "promoteWaitingList")).toEqual([]);
    await setAccepted(true, ...people);
    const promotions = await queuedJobs(server.database, "promoteWaitingList");
    expect(promotions.map(({ payload }) => payload.seminarId).sort()).toEqual([first.id, second.id].sort());

    const worker = await startTestWorker(server.database);
    const statuses = () =>
      server.database.sql(
        "select user_id, status from enrollments where seminar_id = any($1::uuid[]) order by seminar_id, sequence",
        [[first.id, second.id]],
      );
    await until(async () => (await queuedJobs(server.database, "promoteWaitingList")).length === 0);
    await worker.stop();
    const promotedAndNext = [
      { user_id: people[1]?.id, status: "WAITLISTED" },
      { user_id: people[0]?.id, status: "ACTIVE" },
    ];
    expect(await statuses()).toEqual([...promotedAndNext, ...promotedAndNext]);
  });
});
