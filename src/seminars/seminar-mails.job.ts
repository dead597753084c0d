import type { EntityManager } from "@mikro-orm/postgresql";
import { sql } from "kysely";
import { z } from "zod";
import { type MailRecipient, mailRecipientById } from "../accounts/users/mail-recipient.ts";
import { dayText, hasBegun, sessionOn } from "../catalogue/notice/seminar-mail-times.ts";
import { isSeminarField, seminarMailTexts } from "../catalogue/notice/seminar-mails.texts.ts";
import { type SeminarNotice, seminarNoticeById } from "../catalogue/notice/seminar-notice.ts";
import { SeminarStatus } from "../catalogue/seminar.entity.ts";
import { Enrollment, EnrollmentStatus } from "../enrollment/enrollment.entity.ts";
import { selectRows } from "../platform/database/sql/select-rows.ts";
import { defineJob, type JobContext } from "../platform/jobs/define-job.ts";
import { enqueueAll } from "../platform/jobs/enqueue.ts";
import { composeMail, type MailContent } from "../platform/mail/compose-mail.ts";
import { defineMailJob, mailJobOptions } from "../platform/mail/define-mail-job.ts";
import type { Mail } from "../platform/mail/mailer.ts";

/** Tells everyone who is in a seminar, or waits for it, what of it has changed: a mail each, by a job each. */
export const mailSeminarChanged = defineJob({
  ...mailJobOptions,
  name: "mailSeminarChanged",
  payload: z.object({ seminarId: z.uuid(), fields: z.array(z.string()) }),
  inOneTransaction: true,
  async run({ em, jobId }, { seminarId, fields }) {
    const specs = (await peopleOf(em, seminarId)).map((userId) =>
      mailSeminarChangedTo.of({ seminarId, userId, noticeId: jobId, fields }),
    );
    await enqueueAll(em, specs);
  },
});

/**
 * Tells everyone who is in a seminar that it does not take place, and those who were on its waiting list, which is gone
 * with the cancelling.
 */
export const mailSeminarCancelled = defineJob({
  ...mailJobOptions,
  name: "mailSeminarCancelled",
  payload: z.object({ seminarId: z.uuid(), alsoUserIds: z.array(z.uuid()) }),
  inOneTransaction: true,
  async run({ em, jobId }, { seminarId, alsoUserIds }) {
    const members = new Set(await peopleOf(em, seminarId));
    const specs = [...new Set([...members, ...alsoUserIds])].map((userId) =>
      mailSeminarCancelledTo.of({ seminarId, userId, noticeId: jobId, waited: !members.has(userId) }),
    );
    await enqueueAll(em, specs);
  },
});

const oneReader = z.object({
  seminarId: z.uuid(),
  userId: z.uuid(),
  /** The job that tells everyone: who gets the mail of one such job twice gets it under one Message-ID. */
  noticeId: z.string(),
});

/** Tells one person what has changed of a seminar that they are in, or wait for. */
export const mailSeminarChangedTo = defineMailJob({
  name: "mailSeminarChangedTo",
  payload: oneReader.extend({ fields: z.array(z.string()) }),
  async write(context, { seminarId, userId, noticeId, fields }) {
    const { notice, recipient, enrollment } = await find(context, seminarId, userId);
    if (!notice?.isScheduled || !recipient || !enrollment || enrollment.status === EnrollmentStatus.DROPPED)
      return null;
    const { locale } = recipient;
    const texts = seminarMailTexts[locale];
    const changed = fields.filter(isSeminarField);
    const labels = changed.map((field) => texts.fields[field]);
    return mailTo(
      recipient,
      `mailSeminarChanged.${seminarId}.${noticeId}.${userId}`,
      { ...texts.changed(notice.seminar.name, labels), facts: notice.facts(locale, changed) },
      enrollment.status === EnrollmentStatus.ACTIVE ? notice.calendar(userId, locale) : undefined,
    );
  },
});

/** Tells one person that a seminar does not take place. */
export const mailSeminarCancelledTo = defineMailJob({
  name: "mailSeminarCancelledTo",
  payload: oneReader.extend({ waited: z.boolean() }),
  async write(context, { seminarId, userId, noticeId, waited }) {
    const { notice, recipient } = await find(context, seminarId, userId);
    if (notice?.seminar.status !== SeminarStatus.CANCELLED || !recipient) return null;
    const { locale } = recipient;
    return mailTo(
      recipient,
      `mailSeminarCancelled.${seminarId}.${noticeId}.${userId}`,
      { ...seminarMailTexts[locale].cancelled(notice.seminar.name, waited), facts: notice.facts(locale) },
      waited ? undefined : notice.calendar(userId, locale, "CANCELLED"),
    );
  },
});

/** Reminds one person of a session. `date` is its day; a session that has moved or begun meanwhile is no session. */
export const mailTomorrow = defineMailJob({
  name: "mailTomorrow",
  payload: z.object({ seminarId: z.uuid(), userId: z.uuid(), date: z.iso.date() }),
  async write(context, { seminarId, userId, date }) {
    const { notice, recipient, enrollment } = await find(context, seminarId, userId);
    if (!notice?.isScheduled || !recipient || enrollment?.status !== EnrollmentStatus.ACTIVE) return null;
    const { seminar } = notice;
    const session = sessionOn(seminar, date);
    if (session === null || hasBegun(date, seminar.time, context.settings.timeZone)) return null;
    const { locale } = recipient;
    const texts = seminarMailTexts[locale];
    return mailTo(
      recipient,
      `mailTomorrow.${seminarId}.${userId}.${date}`,
      {
        ...texts.tomorrow(seminar.name, `${dayText(date, locale)} ${seminar.time}`),
        facts: [{ label: texts.session, value: texts.nthOf(session, seminar.sessionCount) }, ...notice.facts(locale)],
      },
      notice.calendar(userId, locale),
    );
  },
});

interface Found {
  notice: SeminarNotice | null;
  recipient: MailRecipient | null;
  enrollment: Enrollment | null;
}

async function find({ em, settings }: JobContext, seminarId: string, userId: string): Promise<Found> {
  return {
    notice: await seminarNoticeById(em, seminarId, settings),
    recipient: await mailRecipientById(em, userId),
    enrollment: await em.findOne(Enrollment, { seminarId, userId }),
  };
}

function mailTo(
  { to, locale, greeting }: MailRecipient,
  id: string,
  content: Omit<MailContent, "greeting">,
  calendar: string | undefined,
): Mail {
  return composeMail({ id, to, calendar }, locale, { ...content, greeting });
}

/** The active users who are ACTIVE or WAITLISTED in a seminar, its instructors among them. */
async function peopleOf(em: EntityManager, seminarId: string): Promise<string[]> {
  const rows = await selectRows(
    em,
    sql<{ userId: string }>`select enrollments.user_id as "userId"
      from enrollments join users on users.id = enrollments.user_id
      where enrollments.seminar_id = ${seminarId} and enrollments.status <> 'DROPPED' and users.active
      order by enrollments.sequence`,
  );
  return rows.map(({ userId }) => userId);
}
