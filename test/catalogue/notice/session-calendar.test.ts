import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { type SessionSeries, sessionCalendar } from "../../../src/catalogue/notice/session-calendar.ts";
import { type CalendarPart, eventOf, parseCalendar } from "../../support/calendar.ts";

const series: SessionSeries = {
  uid: "0197.0198",
  sequence: 7,
  isCancelled: false,
  summary: "그래프큐엘",
  description: null,
  location: "온라인",
  startsOn: "2026-03-05",
  time: "18:30",
  timeZone: "Asia/Seoul",
  sessionCount: 6,
};
const now = new Date("2026-02-01T03:04:05.678Z");
const calendarOf = (changes: Partial<SessionSeries> = {}) => sessionCalendar({ ...series, ...changes }, now);

describe("a calendar of sessions", () => {
  test("has one weekly event in the time zone of the seminar", () => {
    const calendar = parseCalendar(calendarOf());
    expect(calendar).toMatchObject({ name: "VCALENDAR", values: { VERSION: "2.0", METHOD: "PUBLISH" } });
    expect(calendar.parts.map(({ name }) => name)).toEqual(["VTIMEZONE", "VEVENT"]);
    const event = eventOf(calendarOf());
    expect(event.values).toEqual({
      UID: series.uid,
      SEQUENCE: "7",
      DTSTAMP: "20260201T030405Z",
      DTSTART: "20260305T183000",
      RRULE: "FREQ=WEEKLY;COUNT=6",
      SUMMARY: series.summary,
      LOCATION: series.location,
      STATUS: "CONFIRMED",
    });
    expect(event.parameters.DTSTART).toBe("TZID=Asia/Seoul");
  });

  test("does not repeat a single session", () => {
    expect(eventOf(calendarOf({ sessionCount: 1 })).values).not.toHaveProperty("RRULE");
  });

  test("says that it is cancelled", () => {
    expect(eventOf(calendarOf({ isCancelled: true })).values).toMatchObject({ STATUS: "CANCELLED", UID: series.uid });
  });

  test("keeps any text whole, and adds no line of its own to it", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", maxLength: 300 }), (text) => {
        const readable = text.replaceAll(/\r\n?/g, "\n").replaceAll(/(?!\n)\p{Cc}/gu, "");
        const { values, parts } = eventOf(calendarOf({ summary: `${text}!`, description: `${text}!` }));
        expect(values).toMatchObject({ SUMMARY: `${readable}!`, DESCRIPTION: `${readable}!` });
        expect(parts).toEqual([]);
      }),
    );
  });

  test.each([
    ["Asia/Seoul", "2026-03-05", 6],
    ["America/New_York", "2026-02-20", 60],
    ["America/New_York", "2026-07-02", 1],
    ["Europe/Dublin", "2026-10-22", 30],
    ["Africa/Casablanca", "2026-01-02", 52],
    ["Australia/Lord_Howe", "2026-03-05", 60],
    ["America/St_Johns", "2026-03-01", 1_000],
    ["UTC", "2026-03-05", 3],
  ])(
    "needs no knowledge of the zone to give each session its instant: %s from %s",
    (timeZone, startsOn, sessionCount) => {
      const [zone, event] = parseCalendar(calendarOf({ timeZone, startsOn, sessionCount })).parts;
      expect(zone?.values.TZID).toBe(timeZone);
      expect(event?.parameters.DTSTART).toBe(`TZID=${timeZone}`);
      const first = readLocal(event?.values.DTSTART);
      const clock = new Intl.DateTimeFormat("sv", { timeZone, dateStyle: "short", timeStyle: "short" });
      for (let session = 0; session < sessionCount; session++) {
        const local = first + session * 7 * 24 * 60 * 60_000;
        const instant = local - offsetAt(zone as CalendarPart, local);
        expect(clock.format(instant)).toBe(new Date(local).toISOString().slice(0, 16).replace("T", " "));
      }
    },
  );

  test("calls daylight time so", () => {
    const [zone] = parseCalendar(calendarOf({ timeZone: "America/New_York", startsOn: "2026-02-20" })).parts;
    expect(zone?.parts.map(({ name, values }) => [name, values.TZOFFSETFROM, values.TZOFFSETTO])).toEqual([
      ["STANDARD", "-0500", "-0500"],
      ["DAYLIGHT", "-0500", "-0400"],
    ]);
    expect(zone?.parts[1]?.values.DTSTART).toBe("20260308T020000");
  });
});

/** A local time of iCalendar in milliseconds, as if it were in UTC. */
function readLocal(text = ""): number {
  return Date.parse(text.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)$/, "$1-$2-$3T$4:$5:$6Z"));
}

/** The offset in milliseconds that a VTIMEZONE says is observed at a local time. */
function offsetAt({ parts }: CalendarPart, local: number): number {
  const observed = parts.filter(({ values }) => readLocal(values.DTSTART) <= local).at(-1);
  const [, sign, hours, minutes] = observed?.values.TZOFFSETTO?.match(/^([+-])(\d\d)(\d\d)$/) ?? [];
  return Number(`${sign}1`) * (Number(hours) * 60 + Number(minutes)) * 60_000;
}
