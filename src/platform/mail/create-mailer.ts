import { createFolderMailer } from "./folder-mailer.ts";
import type { Mailer } from "./mailer.ts";
import { createSmtpMailer } from "./smtp-mailer.ts";

export interface MailerOptions {
  /**
   * `smtp://user:password@host:port` or `smtps://...`, where options of nodemailer may follow as a query
   * (`?requireTLS=true`), or `file:`, which keeps each mail as a file.
   */
  url: string;
  /** Who the mails are from: `Name <address>`. */
  from: string;
  /** Where `file:` keeps the mails. */
  folder: string;
}

export function createMailer({ url, from, folder }: MailerOptions): Mailer {
  if (url === "file:") return createFolderMailer(from, folder);
  if (/^smtps?:\/\//.test(url)) return createSmtpMailer(url, from);
  throw new Error("Mail is sent to smtp://..., smtps://... or file:, and to nothing else.");
}
