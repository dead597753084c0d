import { AccountsSeminarsEnrollments } from "./migrations/0001-accounts-seminars-enrollments.ts";
import { Workers } from "./migrations/0002-workers.ts";
import { IdempotencyKeys } from "./migrations/0003-idempotency-keys.ts";
import { StaffLists } from "./migrations/0004-staff-lists.ts";
import { PlansThatHold } from "./migrations/0005-plans-that-hold.ts";
import { AuditEntries } from "./migrations/audit/0001-audit-entries.ts";

/**
 * The migrations of the primary, in order. Each one expands (new tables, nullable columns, `not valid` constraints,
 * indexes) or, in a later release, contracts: the server before and the server after it both run on its outcome.
 */
export const migrations = [
  { name: "0001-accounts-seminars-enrollments", class: AccountsSeminarsEnrollments },
  { name: "0002-workers", class: Workers },
  { name: "0003-idempotency-keys", class: IdempotencyKeys },
  { name: "0004-staff-lists", class: StaffLists },
  { name: "0005-plans-that-hold", class: PlansThatHold },
];

/** The migrations of the audit database, likewise. */
export const auditMigrations = [{ name: "0001-audit-entries", class: AuditEntries }];
