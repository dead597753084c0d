import { AccountsSeminarsEnrollments } from "./migrations/0001-accounts-seminars-enrollments.ts";

/**
 * The migrations of the primary, in order. Each one expands (new tables, nullable columns, `not valid` constraints,
 * indexes) or, in a later release, contracts: the server before and the server after it both run on its outcome.
 */
export const migrations = [{ name: "0001-accounts-seminars-enrollments", class: AccountsSeminarsEnrollments }];
