import { z } from "zod";
import { mailRecipientById } from "../../accounts/users/mail-recipient.ts";
import { type SeminarNotice, seminarNoticeById } from "../../catalogue/notice/seminar-notice.ts";
import type { Job, JobContext } from "../../platform/jobs/define-job.ts";
import type { Locale } from "../../platform/locale.ts";
import { composeMail, type Fact } from "../../platform/mail/compose-mail.ts";
import { defineMailJob } from "../../platform/mail/define-mail-job.ts";
import { Enrollment, EnrollmentRole, EnrollmentStatus } from "../enrollment.entity.ts";
import { enrollmentMailTexts } from "./enrollment-mails.texts.ts";

interface EnrollmentMail {
  says: "joined" | "waitlisted" | "promoted" | "dropped";
  /** Whether it is still so; what has changed since is told by a mail of its own. */
  isTrue(enrollment: Enrollment, notice: SeminarNotice): boolean;
  calendar: "SESSIONS" | "CANCELLED" | null;
}

type EnrollmentMailJob = Job<{ enrollmentId: string }>;

/** Tells somebody that they have a seat, or lead the seminar. */
export const mailJoined: EnrollmentMailJob = enrollmentMail("mailJoined", {
  says: "joined",
  isTrue: hasPlace,
  calendar: "SESSIONS",
});

/** Tells somebody their place on the waiting list. */
export const mailWaitlisted: EnrollmentMailJob = enrollmentMail("mailWaitlisted", {
  says: "waitlisted",
  isTrue: ({ status }, { isScheduled }) => isScheduled && status === EnrollmentStatus.WAITLISTED,
  calendar: null,
});

/** Tells somebody who was on the waiting list that they have a seat. */
export const mailPromoted: EnrollmentMailJob = enrollmentMail("mailPromoted", {
  says: "promoted",
  isTrue: hasPlace,
  calendar: "SESSIONS",
});

/** Tells somebody that they gave their seat back, or that staff took them out. */
export const mailDropped: EnrollmentMailJob = enrollmentMail("mailDropped", {
  says: "dropped",
  isTrue: ({ status }) => status === EnrollmentStatus.DROPPED,
  calendar: "CANCELLED",
});

function hasPlace({ status }: Enrollment, { isScheduled }: SeminarNotice): boolean {
  return isScheduled && status === EnrollmentStatus.ACTIVE;
}

function enrollmentMail(name: string, { says, isTrue, calendar }: EnrollmentMail): EnrollmentMailJob {
  return defineMailJob({
    name,
    payload: z.object({ enrollmentId: z.uuid() }),
    async write(context, { enrollmentId }) {
      const { em, jobId, settings } = context;
      const enrollment = await em.findOne(Enrollment, { id: enrollmentId });
      if (!enrollment) return null;
      const notice = await seminarNoticeById(em, enrollment.seminarId, settings);
      const recipient = await mailRecipientById(em, enrollment.userId);
      if (!notice || !recipient || !isTrue(enrollment, notice)) return null;

      const { user, to, locale, greeting } = recipient;
      const change = calendar === "CANCELLED" ? calendar : undefined;
      const isLeading = says === "joined" && enrollment.role === EnrollmentRole.INSTRUCTOR;
      const said = enrollmentMailTexts[locale][isLeading ? "leading" : says](notice.seminar.name);
      const place = says === "waitlisted" ? [await placeOf(context, enrollment, locale)] : [];
      return composeMail(
        {
          id: `${name}.${enrollment.id}.${jobId}`,
          to,
          ...(calendar && { calendar: notice.calendar(user.id, locale, change) }),
        },
        locale,
        { ...said, greeting, facts: [...place, ...notice.facts(locale)] },
      );
    },
  });
}

/** From 1 without gaps (D6), at this moment. By index enrollments_waiting_list. */
async function placeOf({ em }: JobContext, enrollment: Enrollment, locale: Locale): Promise<Fact> {
  const position = await em.count(Enrollment, {
    seminarId: enrollment.seminarId,
    status: EnrollmentStatus.WAITLISTED,
    sequence: { $lte: enrollment.sequence },
  });
  return { label: enrollmentMailTexts[locale].position, value: String(position) };
}
