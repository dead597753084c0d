import type { EntityManager } from "@mikro-orm/postgresql";
import { Locale } from "../../platform/locale.ts";
import { User } from "./user.entity.ts";

/** Whom a mail is for, and how to write to them. */
export interface MailRecipient {
  user: User;
  to: string;
  locale: Locale;
  greeting: string;
}

/** The person as mails address them; null when there is no such user, or a deactivated one. */
export async function mailRecipientById(em: EntityManager, userId: string): Promise<MailRecipient | null> {
  const user = await em.findOne(User, { id: userId, active: true });
  if (!user) return null;
  const name = nameOf(user);
  const greeting = user.locale === Locale.KO ? `${name}님, 안녕하세요.` : `Hello ${name},`;
  return { user, to: user.email, locale: user.locale, greeting };
}

/** Names in Korean or Chinese letters have the family name first, whatever the language of the mail. */
function nameOf({ username, firstName, lastName }: User): string {
  if (!firstName || !lastName) return username;
  const isFamilyNameFirst = /^[\p{Script=Hangul}\p{Script=Han}]+$/u.test(lastName + firstName);
  return isFamilyNameFirst ? `${lastName}${firstName}` : `${firstName} ${lastName}`;
}
