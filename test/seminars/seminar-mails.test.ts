import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { SeminarStatus } from "../../src/catalogue/seminar.entity.ts";
import { EnrollmentStatus } from "../../src/enrollment/enrollment.entity.ts";
import { Locale } from "../../src/platform/locale.ts";
import { mailSeminarCancelledTo, mailSeminarChangedTo, mailTomorrow } from "../../src/seminars/seminar-mails.job.ts";
import { eventOf } from "../support/calendar.ts";
import { addresseeOf, calendarOf, MailWorld } from "../support/mail-world.ts";
import { startTestServer, type TestServer } from "../support/test-server.ts";
import type { PersonOptions, SeminarOptions } from "../support/world.ts";

const { ACTIVE, WAITLISTED, DROPPED } = EnrollmentStatus;
const dayMs = 24 * 60 * 60 * 1_000;

describe("mails about a seminar", () => {
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

  async function enrolled(status: EnrollmentStatus, seminarOptions: SeminarOptions = {}, options: PersonOptions = {}) {
    const seminar = await server.world.seminar({ name: "GraphQL", startsOn: "2026-03-05", ...seminarOptions });
    const person = await server.world.person(options);
    await server.world.enroll(seminar, person, { status });
    return { person, seminarId: seminar.id, userId: person.id };
  }

  describe("mailSeminarChangedTo", () => {
    const changed = { noticeId: "7", fields: ["time", "registrationClosesAt", "nobodyKnowsThis"] };

    test.each([
      [
        Locale.EN,
        "Changed: GraphQL",
        "has changed: Time, Registration closes.",
        "Registration closes: Sunday, March 1, 2026 at 12:00 (Asia/Seoul)",
      ],
      [
        Locale.KO,
        "세미나 변경: GraphQL",
        "바뀌었습니다: 시간, 신청 마감.",
        "신청 마감: 2026년 3월 1일 일요일 12:00 (Asia/Seoul)",
      ],
    ])("tells what has changed and how it is now: %s", async (locale, subject, sentence, fact) => {
      const registrationClosesAt = new Date("2026-03-01T03:00:00Z");
      const { person, seminarId, userId } = await enrolled(ACTIVE, { time: "19:15", registrationClosesAt }, { locale });
      const mail = await mails.mailOf(mailSeminarChangedTo, { seminarId, userId, ...changed });
      expect(mail).toMatchObject({
        subject,
        messageId: `<mailSeminarChanged.${seminarId}.7.${userId}@example.org>`,
      });
      expect(addresseeOf(mail)).toBe(person.email);
      for (const words of [sentence, fact, "19:15 (Asia/Seoul)"]) expect(mail.text).toContain(words);
      for (const words of [sentence, ">19:15 (Asia/Seoul)<"]) expect(mail.html).toContain(words);
      expect(eventOf(calendarOf(mail) ?? "").values).toMatchObject({ DTSTART: "20260305T191500", STATUS: "CONFIRMED" });
    });

    test("has no calendar for who waits", async () => {
      const { seminarId, userId } = await enrolled(WAITLISTED);
      expect((await mails.mailOf(mailSeminarChangedTo, { seminarId, userId, ...changed })).attachments).toEqual([]);
    });

    test("is not sent to who has left, is deactivated or was never there, nor for a seminar that is cancelled", async () => {
      for (const { seminarId, userId } of [
        await enrolled(DROPPED),
        await enrolled(ACTIVE, {}, { active: false }),
        await enrolled(ACTIVE, { status: SeminarStatus.CANCELLED }),
        { ...(await enrolled(ACTIVE)), userId: (await server.world.person()).id },
      ]) {
        expect(await mails.run(mailSeminarChangedTo, { seminarId, userId, ...changed })).toEqual([]);
      }
    });
  });

  describe("mailSeminarCancelledTo", () => {
    const cancelled = { status: SeminarStatus.CANCELLED };

    test.each([
      [Locale.EN, "Cancelled: GraphQL", "is cancelled. It will not take place."],
      [Locale.KO, "세미나 취소: GraphQL", "취소되어 열리지 않습니다."],
    ])("tells who was in it, and takes it off the calendar: %s", async (locale, subject, sentence) => {
      const { person, seminarId, userId } = await enrolled(ACTIVE, cancelled, { locale });
      const mail = await mails.mailOf(mailSeminarCancelledTo, { seminarId, userId, noticeId: "9", waited: false });
      expect(mail.subject).toBe(subject);
      expect(addresseeOf(mail)).toBe(person.email);
      for (const part of [mail.text, mail.html]) expect(part).toContain(sentence);
      expect(eventOf(calendarOf(mail) ?? "").values).toMatchObject({
        UID: `${seminarId}.${userId}`,
        STATUS: "CANCELLED",
      });
    });

    test.each([
      [Locale.EN, "for which you were on the waiting list"],
      [Locale.KO, "대기자 명단에 올라 계시던"],
    ])("tells who waited, who has nothing on the calendar: %s", async (locale, words) => {
      const seminar = await server.world.seminar({ startsOn: "2026-03-05", ...cancelled });
      const { id: userId } = await server.world.person({ locale });
      const payload = { seminarId: seminar.id, userId, noticeId: "9", waited: true };
      const mail = await mails.mailOf(mailSeminarCancelledTo, payload);
      for (const part of [mail.text, mail.html]) expect(part).toContain(words);
      expect(mail.attachments).toEqual([]);
    });

    test("is not sent to who is deactivated, nor for a seminar that takes place", async () => {
      const inactive = await enrolled(ACTIVE, cancelled, { active: false });
      for (const { seminarId, userId } of [inactive, await enrolled(ACTIVE)]) {
        const payload = { seminarId, userId, noticeId: "9", waited: false };
        expect(await mails.run(mailSeminarCancelledTo, payload)).toEqual([]);
      }
    });
  });

  describe("mailTomorrow", () => {
    // Two days away is another day in every zone.
    const day = (days: number) => new Date(Date.now() + days * dayMs).toISOString().slice(0, 10);

    test.each([
      [Locale.EN, "Reminder: GraphQL, ", "The next session of the seminar “GraphQL” is on ", "Session: 2 of 6"],
      [Locale.KO, "모임 안내: GraphQL, ", "‘GraphQL’ 세미나의 다음 모임은 ", "모임: 총 6회 중 2회째"],
    ])("reminds of the session: %s", async (locale, subject, sentence, session) => {
      const date = day(2);
      const { seminarId, userId } = await enrolled(ACTIVE, { startsOn: day(2 - 7) }, { locale });
      const mail = await mails.mailOf(mailTomorrow, { seminarId, userId, date });
      const format = new Intl.DateTimeFormat(locale, { dateStyle: "full", timeZone: "UTC" });
      const when = `${format.format(new Date(date))} 18:30`;
      expect(mail).toMatchObject({
        subject: `${subject}${when}`,
        messageId: `<mailTomorrow.${seminarId}.${userId}.${date}@example.org>`,
      });
      for (const words of [`${sentence}${when}`, session]) expect(mail.text).toContain(words);
      expect(mail.html).toContain(`${sentence}${when}`);
      expect(eventOf(calendarOf(mail) ?? "").values).toMatchObject({ RRULE: "FREQ=WEEKLY;COUNT=6" });
    });

    test.each([
      ["a day without a session", { startsOn: day(3) }],
      ["a day before the first session", { startsOn: day(2 + 7) }],
      ["a day after the last session", { startsOn: day(2 - 7), sessionCount: 1 }],
      ["a seminar that has no days", { startsOn: null }],
      ["a seminar that is cancelled", { startsOn: day(2), status: SeminarStatus.CANCELLED }],
    ])("is not sent for %s", async (_name, seminarOptions) => {
      const { seminarId, userId } = await enrolled(ACTIVE, seminarOptions);
      expect(await mails.run(mailTomorrow, { seminarId, userId, date: day(2) })).toEqual([]);
    });

    test("is not sent when the session has begun", async () => {
      const { seminarId, userId } = await enrolled(ACTIVE, { startsOn: day(-2) });
      expect(await mails.run(mailTomorrow, { seminarId, userId, date: day(-2) })).toEqual([]);
    });

    test("is not sent to who has left, waits or is deactivated", async () => {
      const startsOn = day(2);
      for (const { seminarId, userId } of [
        await enrolled(DROPPED, { startsOn }),
        await enrolled(WAITLISTED, { startsOn }),
        await enrolled(ACTIVE, { startsOn }, { active: false }),
      ]) {
        expect(await mails.run(mailTomorrow, { seminarId, userId, date: startsOn })).toEqual([]);
      }
    });
  });
});
