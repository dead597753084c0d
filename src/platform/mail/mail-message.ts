import type { SendMailOptions } from "nodemailer";
import type { Mail } from "./mailer.ts";

/** Mails from one sender, as nodemailer takes them. */
export function messagesFrom(from: string): (mail: Mail) => SendMailOptions {
  const [, domain] = from.match(/@([^\s<>@]+)>?\s*$/) ?? [];
  if (!domain) throw new Error("The sender of mails is not an address.");
  return (mail) => {
    if (!/^[A-Za-z0-9._-]+$/.test(mail.id)) throw new Error("The id of a mail has a character that it must not have.");
    return {
      messageId: `<${mail.id}@${domain}>`,
      from,
      // As an object it is one address, whatever characters it has.
      to: { name: "", address: mail.to },
      subject: mail.subject,
      text: mail.text,
      html: mail.html,
      attachments: mail.calendar === undefined ? [] : [attachment(mail.calendar)],
      // RFC 3834: nobody's absence note shall answer.
      headers: { "Auto-Submitted": "auto-generated" },
      disableFileAccess: true,
      disableUrlAccess: true,
    };
  };
}

function attachment(calendar: string) {
  return { filename: "seminar.ics", content: calendar, contentType: "text/calendar; charset=utf-8; method=PUBLISH" };
}
