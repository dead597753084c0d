import { Session } from "../accounts/sessions/session.entity.ts";
import { User } from "../accounts/users/user.entity.ts";
import { Seminar } from "../catalogue/seminar.entity.ts";
import { Enrollment } from "../enrollment/enrollment.entity.ts";
import { AuditEntry } from "../platform/audit/audit-entry.entity.ts";

/** The entities of the primary. */
export const entities = [User, Session, Seminar, Enrollment];

/** The entities of the audit database. */
export const auditEntities = [AuditEntry];
