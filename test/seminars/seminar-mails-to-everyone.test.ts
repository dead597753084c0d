import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { SeminarStatus } from "../../src/catalogue/seminar.entity.ts";
import { EnrollmentRole, EnrollmentStatus } from "../../src/enrollment/enrollment.entity.ts";
import {
  mailSeminarCancelled,
  mailSeminarCancelledTo,
  mailSeminarChanged,
  mailSeminarChangedTo,
} from "../../src/seminars/seminar-mails.job.ts";
import { MailWorld } from "../support/mail-world.ts";
import { startTestServer, type TestServer } from "../support/test-server.ts";
import type { Person, SeminarOptions } from "../support/world.ts";

const { WAITLISTED, DROPPED } = EnrollmentStatus;

describe("a mail to everyone of a seminar", () => {
  let server: TestServer;
  let mails: MailWorld;
  beforeAll(async () => {
    server = await startTestServer();
    mails = await MailWorld.start(server);
  });
  afterAll(async () => {
    await mails.stop();
    await server.stop();
  });

  /** A seminar with an instructor, a participant, and people who are none of its mails' business. */
  async function crowd(seminarOptions: SeminarOptions = {}) {
    const { world } = server;
    const seminar = await world.seminar(seminarOptions);
    const instructor = await world.person({ instructor: true });
    const participant = await world.person();
    await world.enroll(seminar, instructor, { role: EnrollmentRole.INSTRUCTOR });
    await world.enroll(seminar, participant);
    await world.enroll(seminar, await world.person({ active: false }));
    await world.enroll(seminar, await world.person(), { status: DROPPED });
    const other = await world.seminar();
    await world.enroll(other, await world.person());
    return { seminar, seminarId: seminar.id, instructor, participant };
  }

  /** The jobs of a kind that wait for a seminar, in order. */
  function waitingJobs({ name }: { name: string }, seminarId: string) {
    return server.database.sql<{ payload: Record<string, unknown>; priority: number; max_attempts: number }>(
      `select payload, priority, max_attempts from graphile_worker._private_jobs as jobs
       join graphile_worker._private_tasks as tasks on tasks.id = jobs.task_id
       where tasks.identifier = $1 and payload ->> 'seminarId' = $2 order by jobs.id`,
      [name, seminarId],
    );
  }

  test("that it has changed: a job for each who is in it or waits, once however often it runs", async () => {
    const { seminar, seminarId, instructor, participant } = await crowd();
    const waiting: Person = await server.world.person();
    await server.world.enroll(seminar, waiting, { status: WAITLISTED });
    const payload = { seminarId, fields: ["time"] };
    const id = await mails.add(mailSeminarChanged.of(payload));
    for (const _attempt of [1, 2]) expect(await mails.run(mailSeminarChanged, payload, id)).toEqual([]);
    const jobs = await waitingJobs(mailSeminarChangedTo, seminarId);
    expect(jobs).toEqual(
      [instructor, participant, waiting].map((person) => ({
        payload: { seminarId, userId: person.id, noticeId: id, fields: ["time"] },
        priority: 20,
        max_attempts: 10,
      })),
    );
  });

  test("that it has changed twice: jobs for each change", async () => {
    const { seminarId } = await crowd();
    for (const fields of [["time"], ["online"]]) {
      await mails.run(
        mailSeminarChanged,
        { seminarId, fields },
        await mails.add(mailSeminarChanged.of({ seminarId, fields })),
      );
    }
    expect(await waitingJobs(mailSeminarChangedTo, seminarId)).toHaveLength(4);
  });

  test("that it is cancelled: a job for each who is in it or waited, once however often it runs", async () => {
    const { seminarId, instructor, participant } = await crowd({ status: SeminarStatus.CANCELLED });
    const waited = await server.world.person();
    const payload = { seminarId, alsoUserIds: [waited.id, participant.id] };
    const id = await mails.add(mailSeminarCancelled.of(payload));
    for (const _attempt of [1, 2]) expect(await mails.run(mailSeminarCancelled, payload, id)).toEqual([]);
    const jobs = await waitingJobs(mailSeminarCancelledTo, seminarId);
    expect(jobs.map(({ payload, priority }) => [payload.userId, payload.waited, priority])).toEqual([
      [instructor.id, false, 20],
      [participant.id, false, 20],
      [waited.id, true, 20],
    ]);
  });

  test("has a job for each of more people than one statement takes", async () => {
    const seminar = await server.world.seminar({ capacity: 2_000 });
    await server.database.sql(
      `with people as (
         insert into users (
           id, username, email, password_hash, locale, participant_university, participant_accepted, created_at
         )
         select gen_random_uuid(), 'crowd-' || n, 'crowd-' || n || '@example.com', '-', 'EN', '', true, now()
         from generate_series(1, 1500) as n returning id
       )
       insert into enrollments (id, seminar_id, user_id, role, status, joined_at)
       select gen_random_uuid(), $1, id, 'PARTICIPANT', 'ACTIVE', now() from people`,
      [seminar.id],
    );
    const payload = { seminarId: seminar.id, fields: ["time"] };
    await mails.run(mailSeminarChanged, payload, await mails.add(mailSeminarChanged.of(payload)));
    expect(await waitingJobs(mailSeminarChangedTo, seminar.id)).toHaveLength(1_500);
  });
});
