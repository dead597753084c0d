import type { EntityManager } from "@mikro-orm/postgresql";
import type { JobSettings } from "../../platform/jobs/define-job.ts";
import type { Locale } from "../../platform/locale.ts";
import type { Fact } from "../../platform/mail/compose-mail.ts";
import { Seminar, SeminarStatus } from "../seminar.entity.ts";
import { dayText, instantText } from "./seminar-mail-times.ts";
import { type SeminarField, seminarMailTexts } from "./seminar-mails.texts.ts";
import { sessionCalendar } from "./session-calendar.ts";

/** A seminar as mails tell of it. */
export interface SeminarNotice {
  seminar: Seminar;
  isScheduled: boolean;
  /** What everyone wants to know, and these fields. */
  facts(locale: Locale, also?: readonly SeminarField[]): Fact[];
  /** The sessions for the calendar of one person; nothing while nobody knows when they begin. */
  calendar(userId: string, locale: Locale, change?: "CANCELLED"): string | undefined;
}

export async function seminarNoticeById(
  em: EntityManager,
  seminarId: string,
  { timeZone }: JobSettings,
): Promise<SeminarNotice | null> {
  const seminar = await em.findOne(Seminar, { id: seminarId }, { populate: ["description"] });
  return (
    seminar && {
      seminar,
      isScheduled: seminar.status === SeminarStatus.SCHEDULED,
      facts: (locale, also = []) => [
        ...mainFacts(seminar, locale, timeZone),
        ...furtherFacts(seminar, locale, timeZone, also),
      ],
      calendar: (userId, locale, change) => calendarOf(seminar, userId, locale, timeZone, change === "CANCELLED"),
    }
  );
}

function mainFacts(seminar: Seminar, locale: Locale, timeZone: string): Fact[] {
  const { fields, ...texts } = seminarMailTexts[locale];
  return [
    { label: texts.seminar, value: seminar.name },
    { label: fields.startsOn, value: seminar.startsOn ? dayText(seminar.startsOn, locale) : texts.notSetYet },
    { label: fields.time, value: `${seminar.time} (${timeZone})` },
    { label: fields.sessionCount, value: texts.weekly(seminar.sessionCount) },
    { label: fields.online, value: texts.place(seminar.online) },
  ];
}

/** Of those fields what the main facts do not have; the description would be too long. */
function furtherFacts(seminar: Seminar, locale: Locale, timeZone: string, also: readonly SeminarField[]): Fact[] {
  const { fields, noLimit } = seminarMailTexts[locale];
  const instant = (value: Date | null) => (value ? instantText(value, locale, timeZone) : noLimit);
  const values: Partial<Record<SeminarField, string>> = {
    capacity: String(seminar.capacity),
    registrationOpensAt: instant(seminar.registrationOpensAt),
    registrationClosesAt: instant(seminar.registrationClosesAt),
  };
  return also.flatMap((field) => {
    const value = values[field];
    return value === undefined ? [] : [{ label: fields[field], value }];
  });
}

function calendarOf(
  seminar: Seminar,
  userId: string,
  locale: Locale,
  timeZone: string,
  isCancelled: boolean,
): string | undefined {
  if (!seminar.startsOn) return undefined;
  const now = new Date();
  return sessionCalendar(
    {
      uid: `${seminar.id}.${userId}`,
      // Each calendar is made of what the seminar is at that moment, so the later one is the newer one.
      sequence: Math.max(0, Math.floor((now.getTime() - seminar.createdAt.getTime()) / 1_000)),
      isCancelled,
      summary: seminar.name,
      description: seminar.description ?? null,
      location: seminarMailTexts[locale].place(seminar.online),
      startsOn: seminar.startsOn,
      time: seminar.time,
      timeZone,
      sessionCount: seminar.sessionCount,
    },
    now,
  );
}
