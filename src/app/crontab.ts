import { removeOldSessions } from "../accounts/sessions/remove-old-sessions.job.ts";
import { mendCounters } from "../enrollment/waiting-list/repair-counters.job.ts";
import { hastenAuditEntries } from "../platform/audit/retry-audit-entries-now.job.ts";
import { removeExpiredLimits } from "../platform/auth/remove-expired-limits.job.ts";
import { removeOldIdempotencyKeys } from "../platform/graphql/idempotency/remove-old-idempotency-keys.job.ts";
import type { Schedule } from "../platform/jobs/cron.ts";
import { removeOldJobs } from "../platform/jobs/remove-old-jobs.job.ts";
import { finishSeminars } from "../seminars/finish-seminars.job.ts";
import { remindOfTomorrow } from "../seminars/remind-of-tomorrow.job.ts";

const hourMs = 60 * 60 * 1_000;

/** What is done on a clock: in cron syntax, in TIMEZONE, once however many workers there are. */
export const crontab: readonly Schedule[] = [
  // At 20:00 everyone with a session tomorrow is reminded; after an outage still until the next morning.
  { name: "remind-of-tomorrow", cron: "0 20 * * *", job: remindOfTomorrow, makeUpForMs: 12 * hourMs },
  // Every hour each seminar's counters are compared with its rows.
  { name: "mend-counters", cron: "0 * * * *", job: mendCounters, makeUpForMs: 0 },
  // Shortly after midnight seminars are finished whose last session was yesterday or before.
  { name: "finish-seminars", cron: "5 0 * * *", job: finishSeminars, makeUpForMs: 24 * hourMs },
  // In the small hours what nobody needs any more is removed.
  { name: "remove-old-sessions", cron: "20 3 * * *", job: removeOldSessions, makeUpForMs: 24 * hourMs },
  { name: "remove-old-jobs", cron: "25 3 * * *", job: removeOldJobs, makeUpForMs: 24 * hourMs },
  { name: "remove-old-idempotency-keys", cron: "30 3 * * *", job: removeOldIdempotencyKeys, makeUpForMs: 24 * hourMs },
  // Every hour the limits forget whom they counted long ago.
  { name: "remove-expired-limits", cron: "40 * * * *", job: removeExpiredLimits, makeUpForMs: 0 },
  // Every five minutes audit entries that wait for another attempt are looked at.
  { name: "hasten-audit-entries", cron: "*/5 * * * *", job: hastenAuditEntries, makeUpForMs: 0 },
];
