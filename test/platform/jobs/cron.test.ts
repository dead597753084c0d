import { describe, expect, test } from "@jest/globals";
import { dueMinutes, instantOf } from "../../../src/platform/jobs/cron.ts";

/** The minutes of these days on which the schedule falls. */
function minutesOf(cron: string, timeZone: string, from: string, to: string): string[] {
  const isDue = dueMinutes(cron, timeZone);
  const found: string[] = [];
  for (let at = Date.parse(from); at < Date.parse(to); at += 60_000) {
    const minute = new Date(at);
    if (isDue(minute)) found.push(minute.toISOString());
  }
  return found;
}

describe("a schedule", () => {
  test("falls on the minute of its time zone, every day, where clocks never change", () => {
    expect(minutesOf("0 20 * * *", "Asia/Seoul", "2026-03-07T00:00Z", "2026-03-10T00:00Z")).toEqual([
      "2026-03-07T11:00:00.000Z",
      "2026-03-08T11:00:00.000Z",
      "2026-03-09T11:00:00.000Z",
    ]);
  });

  test("keeps to the clock on the wall when it changes", () => {
    expect(minutesOf("0 20 * * *", "America/New_York", "2026-03-07T06:00Z", "2026-03-09T06:00Z")).toEqual([
      "2026-03-08T01:00:00.000Z",
      "2026-03-09T00:00:00.000Z",
    ]);
    expect(minutesOf("0 20 * * *", "America/New_York", "2026-10-31T06:00Z", "2026-11-02T06:00Z")).toEqual([
      "2026-11-01T00:00:00.000Z",
      "2026-11-02T01:00:00.000Z",
    ]);
  });

  test.each([
    ["0 * * * *", 24],
    ["*/5 * * * *", 288],
  ])("%s falls on %i minutes of a day of 24 hours", (cron, count) => {
    expect(minutesOf(cron, "Asia/Seoul", "2026-03-08T05:00Z", "2026-03-09T05:00Z")).toHaveLength(count);
  });

  test("counts once at a time that does not exist, and once at one that comes twice", () => {
    expect(minutesOf("30 2 * * *", "America/New_York", "2026-03-08T05:00Z", "2026-03-09T04:00Z")).toHaveLength(1);
    expect(minutesOf("30 1 * * *", "America/New_York", "2026-11-01T04:00Z", "2026-11-02T05:00Z")).toHaveLength(1);
  });
});

describe("the minute of a digest without a year", () => {
  const at = (text: string) => instantOf(digest(text), new Date("2026-12-31T23:59:30Z")).toISOString();

  test.each(["2026-12-31T23:59:00.000Z", "2027-01-01T00:00:00.000Z", "2026-12-30T12:00:00.000Z"])(
    "is %s on New Year's Eve",
    (text) => expect(at(text)).toBe(text),
  );
});

function digest(text: string) {
  const date = new Date(text);
  return {
    month: date.getUTCMonth() + 1,
    date: date.getUTCDate(),
    hour: date.getUTCHours(),
    min: date.getUTCMinutes(),
    dow: date.getUTCDay(),
  };
}
