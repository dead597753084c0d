import type { Locale } from "../../platform/locale.ts";
import type { Seminar } from "../seminar.entity.ts";

const dayMs = 24 * 60 * 60 * 1_000;

/** A day such as 2026-03-05, with its day of the week. */
export function dayText(day: string, locale: Locale): string {
  return new Intl.DateTimeFormat(locale, { dateStyle: "full", timeZone: "UTC" }).format(new Date(`${day}T00:00:00Z`));
}

/** An instant, by the clocks of a zone. */
export function instantText(instant: Date, locale: Locale, timeZone: string): string {
  const format = new Intl.DateTimeFormat(locale, {
    dateStyle: "full",
    timeStyle: "short",
    hourCycle: "h23",
    timeZone,
  });
  return `${format.format(instant)} (${timeZone})`;
}

/** Which session is on that day, from 1; null when there is none: the seminar may have moved. */
export function sessionOn(seminar: Seminar, date: string): number | null {
  if (!seminar.startsOn) return null;
  const days = (Date.parse(date) - Date.parse(seminar.startsOn)) / dayMs;
  const session = days / 7 + 1;
  return Number.isInteger(session) && session >= 1 && session <= seminar.sessionCount ? session : null;
}

/** Whether that time has come by the clocks of a zone. */
export function hasBegun(date: string, time: string, timeZone: string): boolean {
  const options = { timeZone, dateStyle: "short", timeStyle: "short" } as const;
  // Swedish writes 2026-03-05 18:30, whose order as text is the order in time.
  return new Intl.DateTimeFormat("sv", options).format(new Date()) >= `${date} ${time}`;
}
