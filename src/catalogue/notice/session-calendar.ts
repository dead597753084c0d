import { localTimeText, timeZoneLines } from "./time-zone-lines.ts";

/** Weekly sessions, as one event of one person's calendar. */
export interface SessionSeries {
  /** The same for the same person and series: a later calendar takes the place of an earlier one. */
  uid: string;
  /** Grows from one calendar to the next. */
  sequence: number;
  isCancelled: boolean;
  summary: string;
  description: string | null;
  location: string;
  /** The day of the first session, such as 2026-03-05. */
  startsOn: string;
  /** When each session begins, such as 18:30, by the clocks of `timeZone`. */
  time: string;
  timeZone: string;
  sessionCount: number;
}

const dayMs = 24 * 60 * 60 * 1_000;

/**
 * The series as an iCalendar file (RFC 5545). It says when sessions begin and not when they end, since nobody knows
 * that. Times are the zone's own, so that a session stays at its time when clocks change.
 */
export function sessionCalendar(series: SessionSeries, now: Date): string {
  // The local time, in the fields of a date that are in UTC.
  const first = new Date(`${series.startsOn}T${series.time}:00Z`);
  // Zones are up to 14 hours away from UTC.
  const from = new Date(first.getTime() - 2 * dayMs);
  const until = new Date(first.getTime() + 7 * series.sessionCount * dayMs);
  const lines = [
    "BEGIN:VCALENDAR",
    "VERSION:2.0",
    "PRODID:-//seminar-server//Sessions//EN",
    "CALSCALE:GREGORIAN",
    "METHOD:PUBLISH",
    ...timeZoneLines(series.timeZone, from, until),
    "BEGIN:VEVENT",
    `UID:${series.uid}`,
    `SEQUENCE:${series.sequence}`,
    `DTSTAMP:${localTimeText(now)}Z`,
    `DTSTART;TZID=${series.timeZone}:${localTimeText(first)}`,
    ...(series.sessionCount > 1 ? [`RRULE:FREQ=WEEKLY;COUNT=${series.sessionCount}`] : []),
    `SUMMARY:${escapeText(series.summary)}`,
    ...(series.description ? [`DESCRIPTION:${escapeText(series.description)}`] : []),
    `LOCATION:${escapeText(series.location)}`,
    `STATUS:${series.isCancelled ? "CANCELLED" : "CONFIRMED"}`,
    "END:VEVENT",
    "END:VCALENDAR",
  ];
  return lines.map((line) => `${fold(line)}\r\n`).join("");
}

function escapeText(text: string): string {
  return text
    .replaceAll(/\r\n?/g, "\n")
    .replaceAll(/[\\;,]/g, "\\$&")
    .replaceAll("\n", "\\n")
    .replaceAll(/\p{Cc}/gu, "");
}

/** Lines have up to 75 bytes (RFC 5545, 3.1); no character is cut in two. */
function fold(line: string): string {
  let folded = "";
  let bytes = 0;
  for (const character of line) {
    const size = Buffer.byteLength(character);
    if (bytes + size > 75) {
      folded += "\r\n ";
      bytes = 1;
    }
    folded += character;
    bytes += size;
  }
  return folded;
}
