import { mailWelcome } from "../accounts/mails/welcome-mail.job.ts";
import { removeOldSessions } from "../accounts/sessions/remove-old-sessions.job.ts";
import { mailDropped, mailJoined, mailPromoted, mailWaitlisted } from "../enrollment/mails/enrollment-mails.job.ts";
import { promoteWaitingListJob } from "../enrollment/waiting-list/promote-waiting-list.job.ts";
import { mendCounters } from "../enrollment/waiting-list/repair-counters.job.ts";
import { hastenAuditEntries } from "../platform/audit/retry-audit-entries-now.job.ts";
import { writeAuditEntry } from "../platform/audit/write-audit-entry.job.ts";
import { removeExpiredLimits } from "../platform/auth/remove-expired-limits.job.ts";
import { removeOldIdempotencyKeys } from "../platform/graphql/idempotency/remove-old-idempotency-keys.job.ts";
import { removeOldJobs } from "../platform/jobs/remove-old-jobs.job.ts";
import { finishSeminars } from "../seminars/finish-seminars.job.ts";
import { remindOfTomorrow } from "../seminars/remind-of-tomorrow.job.ts";
import {
  mailSeminarCancelled,
  mailSeminarCancelledTo,
  mailSeminarChanged,
  mailSeminarChangedTo,
  mailTomorrow,
} from "../seminars/seminar-mails.job.ts";

/** Every kind of work that a worker does. */
export const jobs = [
  promoteWaitingListJob,
  writeAuditEntry,
  hastenAuditEntries,
  finishSeminars,
  mendCounters,
  remindOfTomorrow,
  removeOldJobs,
  removeOldSessions,
  removeOldIdempotencyKeys,
  removeExpiredLimits,
  mailWelcome,
  mailJoined,
  mailWaitlisted,
  mailPromoted,
  mailDropped,
  mailSeminarChanged,
  mailSeminarChangedTo,
  mailSeminarCancelled,
  mailSeminarCancelledTo,
  mailTomorrow,
];
