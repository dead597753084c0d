import { z } from "zod";
import { fault, instant, text } from "../platform/graphql/input/input-rules.ts";

const name = text(0, 100).nullish();

export const auditEntryFilterRules = z.object({
  action: name,
  targetType: name,
  targetId: name,
  since: instant.nullish(),
  until: instant.nullish(),
});

export const jobFilterRules = z.object({ task: name });

/** Of users and enrollments: a text to look for, as long as the longest e-mail address. */
export const searchRules = z.object({ search: text(0, 254).nullish() });

/** The ids of a bulk mutation: up to 500. */
const bulkIds = z
  .array(z.string())
  .refine((ids) => ids.length <= 500, fault({ EN: "At most 500 at a time.", KO: "한 번에 500개까지 가능합니다." }));

export const retryJobsRules = z.object({ jobIds: bulkIds });

export const userIdsRules = z.object({ userIds: bulkIds });

export const seminarIdsRules = z.object({ seminarIds: bulkIds });

export const enrollParticipantsRules = z.object({ seminarId: z.string(), userIds: bulkIds });

/** Of dropEnrollments and reinstateEnrollments. */
export const enrollmentIdsRules = z.object({ enrollmentIds: bulkIds });
