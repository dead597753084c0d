import { removeOldSessions } from "../accounts/remove-old-sessions.job.ts";
import { mailWelcome } from "../accounts/welcome-mail.job.ts";
import { mailDropped, mailJoined, mailPromoted, mailWaitlisted } from "../enrollment/enrollment-mails.job.ts";
import { mendCounters } from "../enrollment/mend-counters.job.ts";
import { promoteWaitingListJob } from "../enrollment/promote-waiting-list.job.ts";
import { remindOfTomorrow } from "../enrollment/remind-of-tomorrow.job.ts";
import { hastenAuditEntries } from "../platform/audit/hasten-audit-entries.job.ts";
import { writeAuditEntry } from "../platform/audit/write-audit-entry.job.ts";
import { removeExpiredLimits } from "../platform/auth/remove-expired-limits.job.ts";
import { removeOldIdempotencyKeys } from "../platform/graphql/remove-old-idempotency-keys.job.ts";
import { removeOldJobs } from "../platform/jobs/remove-old-jobs.job.ts";
import { finishSeminars } from "../seminars/finish-seminars.job.ts";
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
