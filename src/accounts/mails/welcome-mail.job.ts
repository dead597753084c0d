import { z } from "zod";
import { composeMail } from "../../platform/mail/compose-mail.ts";
import { defineMailJob } from "../../platform/mail/define-mail-job.ts";
import { mailRecipientById } from "../users/mail-recipient.ts";
import type { User } from "../users/user.entity.ts";
import { welcomeTexts } from "./welcome-mail.texts.ts";

/** Welcomes somebody who has just signed up. */
export const mailWelcome = defineMailJob({
  name: "mailWelcome",
  payload: z.object({ userId: z.uuid() }),
  async write({ em }, { userId }) {
    const recipient = await mailRecipientById(em, userId);
    if (!recipient) return null;
    const { user, to, locale, greeting } = recipient;
    const texts = welcomeTexts[locale];
    return composeMail({ id: `mailWelcome.${user.id}`, to }, locale, {
      subject: texts.subject,
      greeting,
      paragraphs: paragraphsFor(user),
      facts: [{ label: texts.username, value: user.username }],
    });
  },
});

function paragraphsFor(user: User): string[] {
  const texts = welcomeTexts[user.locale];
  return [
    texts.ready,
    ...(user.participantAccepted === true ? [texts.participant] : []),
    ...(user.participantAccepted === false ? [texts.notAccepted] : []),
    ...(user.instructorCompany !== null ? [texts.instructor] : []),
    texts.notYou,
  ];
}
