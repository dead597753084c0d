import { CronExpressionParser } from "cron-parser";
import type { CronItem } from "graphile-worker";

/** A job on a clock. */
export interface Schedule {
  /** Names the schedule for good: it is how workers know that it was done. */
  name: string;
  /** Cron syntax, in the time zone of the server. */
  cron: string;
  /** The job to add; its payload is empty. */
  job: { name: string; maxAttempts: number; priority: number };
  /** A time that passed while all workers were down is made up for when it is not longer ago than this. */
  makeUpForMs: number;
}

type Digest = Parameters<Extract<CronItem["match"], (...args: never[]) => boolean>>[0];

/**
 * The schedules for graphile-worker, which knows UTC only: each one decides for itself, minute by minute, whether its
 * time has come in `timeZone`. Where clocks change, a time that does not exist is moved and one that comes twice counts
 * once, as cron-parser has it.
 */
export function cronItems(schedules: readonly Schedule[], timeZone: string): CronItem[] {
  return schedules.map(({ name, cron, job, makeUpForMs }) => {
    const isDue = dueMinutes(cron, timeZone);
    return {
      task: job.name,
      identifier: name,
      match: (digest) => isDue(instantOf(digest, new Date())),
      options: {
        backfillPeriod: makeUpForMs,
        maxAttempts: job.maxAttempts,
        priority: job.priority,
        jobKey: `cron:${name}`,
      },
    };
  });
}

/**
 * Tells whether a schedule falls on a minute. Where clocks change, cron-parser is right only when it comes from well
 * before the change, so that the times of each day (of UTC) are found at once, from some hours before it.
 */
export function dueMinutes(cron: string, timeZone: string): (minute: Date) => boolean {
  let day = Number.NaN;
  let times = new Set<number>();
  return (minute) => {
    const dayOfMinute = Math.floor(minute.getTime() / dayMs);
    if (dayOfMinute !== day) {
      day = dayOfMinute;
      times = timesBetween(cron, timeZone, day * dayMs, (day + 1) * dayMs);
    }
    return times.has(minute.getTime());
  };
}

const dayMs = 24 * 60 * 60 * 1_000;
/** More than any clock is set back or forward at once. */
const leadMs = 6 * 60 * 60 * 1_000;

function timesBetween(cron: string, timeZone: string, from: number, to: number): Set<number> {
  const times = new Set<number>();
  const schedule = CronExpressionParser.parse(cron, { tz: timeZone, currentDate: new Date(from - leadMs) });
  for (;;) {
    const time = schedule.next().getTime();
    if (time >= to) return times;
    if (time >= from) times.add(time);
  }
}

/** The minute that a digest means, which leaves out the year: the one nearest to now. */
export function instantOf({ month, date, hour, min }: Digest, now: Date): Date {
  const year = now.getUTCFullYear();
  const candidates = [year - 1, year, year + 1].map((one) => Date.UTC(one, month - 1, date, hour, min));
  const distance = (instant: number) => Math.abs(instant - now.getTime());
  return new Date(candidates.reduce((best, one) => (distance(one) < distance(best) ? one : best)));
}
