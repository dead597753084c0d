import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { SeminarStatus } from "../../../src/catalogue/seminar.entity.ts";
import { EnrollmentRole, EnrollmentStatus } from "../../../src/enrollment/enrollment.entity.ts";
import {
  mailDropped,
  mailJoined,
  mailPromoted,
  mailWaitlisted,
} from "../../../src/enrollment/mails/enrollment-mails.job.ts";
import { Locale } from "../../../src/platform/locale.ts";
import { eventOf } from "../../support/calendar.ts";
import { addresseeOf, calendarOf, MailWorld } from "../../support/mail-world.ts";
import { startTestServer, type TestServer } from "../../support/test-server.ts";

const { ACTIVE, WAITLISTED, DROPPED } = EnrollmentStatus;

describe("mails about an enrollment", () => {
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

  /** Somebody's enrollment in a seminar that begins on a known day. */
  async function enrolled(options: {
    status: EnrollmentStatus;
    role?: EnrollmentRole;
    locale?: Locale;
    active?: boolean;
    seminar?: Parameters<TestServer["world"]["seminar"]>[0];
  }) {
    const { status, role, locale, active, seminar: values } = options;
    const seminar = await server.world.seminar({ name: "그래프큐엘 & <SQL>", startsOn: "2026-03-05", ...values });
    const person = await server.world.person({ locale, active, instructor: true });
    const enrollment = await server.world.enroll(seminar, person, { status, role });
    return { seminar, person, enrollmentId: enrollment.id };
  }

  const cases = [
    { job: mailJoined, status: ACTIVE, EN: "You have a seat: ", KO: "참여 확정: ", event: "CONFIRMED" },
    { job: mailWaitlisted, status: WAITLISTED, EN: "On the waiting list: ", KO: "대기 신청: ", event: null },
    {
      job: mailPromoted,
      status: ACTIVE,
      EN: "A seat has become free for you: ",
      KO: "자리가 났습니다: ",
      event: "CONFIRMED",
    },
    { job: mailDropped, status: DROPPED, EN: "You are no longer in: ", KO: "참여 취소: ", event: "CANCELLED" },
  ].map((one) => ({ ...one, name: one.job.name }));
  const facts = {
    EN: ["Thursday, March 5, 2026", "18:30 (Asia/Seoul)", "6, weekly", "Online"],
    KO: ["2026년 3월 5일 목요일", "18:30 (Asia/Seoul)", "매주 1회, 총 6회", "온라인"],
  };

  describe.each([Locale.EN, Locale.KO])("in %s", (locale) => {
    test.each(cases)("$name tells about the seminar, in both parts", async ({ job, status, [locale]: subject }) => {
      const { person, enrollmentId } = await enrolled({ status, locale });
      const mail = await mails.mailOf(job, { enrollmentId }, "42");
      expect(mail.subject).toBe(`${subject}그래프큐엘 & <SQL>`);
      expect(mail.messageId).toBe(`<${job.name}.${enrollmentId}.42@example.org>`);
      expect(addresseeOf(mail)).toBe(person.email);
      expect(mail.text).toContain("그래프큐엘 & <SQL>");
      expect(mail.html).toContain("그래프큐엘 &amp; &lt;SQL&gt;");
      expect(mail.html).not.toContain("<SQL>");
      for (const fact of facts[locale]) {
        expect(mail.text).toContain(fact);
        expect(mail.html).toContain(`>${fact}<`);
      }
    });
  });

  test.each(cases)("$name has the calendar that belongs to it", async ({ job, status, event }) => {
    const { seminar, person, enrollmentId } = await enrolled({ status });
    const calendar = calendarOf(await mails.mailOf(job, { enrollmentId }));
    expect(calendar && eventOf(calendar).values).toEqual(
      event &&
        expect.objectContaining({
          UID: `${seminar.id}.${person.id}`,
          STATUS: event,
          DTSTART: "20260305T183000",
          RRULE: "FREQ=WEEKLY;COUNT=6",
          SUMMARY: seminar.name,
          LOCATION: "Online",
        }),
    );
  });

  test.each(cases)("$name has no calendar while the first day is not known", async ({ job, status }) => {
    const { enrollmentId } = await enrolled({ status, seminar: { startsOn: null } });
    const mail = await mails.mailOf(job, { enrollmentId });
    expect(mail.attachments).toEqual([]);
    expect(mail.text).toContain("First session: not set yet");
  });

  test("a later calendar of the same person and seminar takes the place of the earlier one", async () => {
    const { seminar, person, enrollmentId } = await enrolled({ status: ACTIVE });
    const joined = eventOf(calendarOf(await mails.mailOf(mailJoined, { enrollmentId })) ?? "").values;
    await server.database.sql("update enrollments set status = 'DROPPED', dropped_at = now() where id = $1", [
      enrollmentId,
    ]);
    await server.database.sql("update seminars set created_at = created_at - interval '1 minute' where id = $1", [
      seminar.id,
    ]);
    const dropped = eventOf(calendarOf(await mails.mailOf(mailDropped, { enrollmentId })) ?? "").values;
    expect([joined.UID, dropped.UID]).toEqual(Array(2).fill(`${seminar.id}.${person.id}`));
    expect(Number(dropped.SEQUENCE)).toBeGreaterThan(Number(joined.SEQUENCE));
  });

  test("mailWaitlisted tells the place at this moment, from 1 without gaps (D6)", async () => {
    const { seminar } = await enrolled({ status: WAITLISTED });
    const [second, third] = await server.world.people(2);
    for (const person of [second, third]) {
      if (person) await server.world.enroll(seminar, person, { status: WAITLISTED });
    }
    const [, , last] = await server.database.sql<{ id: string }>(
      "select id from enrollments where seminar_id = $1 order by sequence",
      [seminar.id],
    );
    const enrollmentId = last?.id ?? "";
    expect((await mails.mailOf(mailWaitlisted, { enrollmentId })).text).toContain("Place on the waiting list: 3\n");
    await server.database.sql("delete from enrollments where seminar_id = $1 and user_id = $2", [
      seminar.id,
      second?.id,
    ]);
    expect((await mails.mailOf(mailWaitlisted, { enrollmentId })).text).toContain("Place on the waiting list: 2\n");
  });

  test("mailJoined tells an instructor of leading, and not of a seat", async () => {
    const { enrollmentId } = await enrolled({ status: ACTIVE, role: EnrollmentRole.INSTRUCTOR });
    const mail = await mails.mailOf(mailJoined, { enrollmentId });
    expect(mail.subject).toContain("You are an instructor: ");
    expect(mail.text).not.toContain("seat");
  });

  test.each([
    [mailJoined, [WAITLISTED, DROPPED]],
    [mailWaitlisted, [ACTIVE, DROPPED]],
    [mailPromoted, [WAITLISTED, DROPPED]],
    [mailDropped, [ACTIVE, WAITLISTED]],
  ] as const)("$name is not sent when it is not true any more", async (job, statuses) => {
    for (const status of statuses) {
      const { enrollmentId } = await enrolled({ status });
      expect(await mails.run(job, { enrollmentId })).toEqual([]);
    }
  });

  test.each(cases)(
    "$name is not sent when the enrollment is gone or the user is deactivated",
    async ({ job, status }) => {
      const { enrollmentId } = await enrolled({ status, active: false });
      expect(await mails.run(job, { enrollmentId })).toEqual([]);
      await server.database.sql("delete from enrollments where id = $1", [enrollmentId]);
      expect(await mails.run(job, { enrollmentId })).toEqual([]);
    },
  );

  test.each([mailJoined, mailPromoted])("$name is not sent for a seminar that does not take place", async (job) => {
    const { enrollmentId } = await enrolled({ status: ACTIVE, seminar: { status: SeminarStatus.CANCELLED } });
    expect(await mails.run(job, { enrollmentId })).toEqual([]);
  });
});
