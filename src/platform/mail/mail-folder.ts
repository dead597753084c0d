import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { type AddressObject, type ParsedMail, simpleParser } from "mailparser";
import { errorCode } from "../error-code.ts";

/** A mail in the folder, as a list shows it. */
export interface MailSummary {
  /** The name of its file. */
  file: string;
  date: Date | null;
  to: string;
  subject: string;
}

/** A mail in the folder as a whole. */
export interface StoredMail extends MailSummary {
  text: string;
  html: string | null;
  calendars: string[];
}

const newest = 200;

/** The mails of the folder, newest first; the oldest are left out when there are very many. */
export async function listMails(folder: string): Promise<MailSummary[]> {
  const files = (await namesIn(folder)).filter(isMailFile).sort().reverse().slice(0, newest);
  const mails = await Promise.all(files.map((file) => readMail(folder, file)));
  return mails.filter((mail) => mail !== null).map(({ file, date, to, subject }) => ({ file, date, to, subject }));
}

/** One mail of the folder; null when there is none of this name. */
export async function readMail(folder: string, file: string): Promise<StoredMail | null> {
  if (!isMailFile(file)) return null;
  const source = await orNone(readFile(path.join(folder, file)), null);
  if (!source) return null;
  const mail = await simpleParser(source, { skipHtmlToText: true, skipTextToHtml: true, skipImageLinks: true });
  return {
    file,
    date: mail.date ?? null,
    to: addressesOf(mail.to),
    subject: mail.subject ?? "",
    text: mail.text ?? "",
    html: mail.html || null,
    calendars: calendarsOf(mail),
  };
}

/** Nothing that leads out of the folder is the name of a mail. */
function isMailFile(name: string): boolean {
  return /^[A-Za-z0-9._-]+\.eml$/.test(name);
}

function namesIn(folder: string): Promise<string[]> {
  return orNone(readdir(folder), []);
}

async function orNone<T, None>(found: Promise<T>, none: None): Promise<T | None> {
  try {
    return await found;
  } catch (error) {
    // Nothing has the name, or a folder has it.
    const code = errorCode(error);
    if (code === "ENOENT" || code === "EISDIR") return none;
    throw error;
  }
}

function addressesOf(to: AddressObject | AddressObject[] | undefined): string {
  return [to ?? []]
    .flat()
    .map(({ text }) => text)
    .join(", ");
}

function calendarsOf({ attachments }: ParsedMail): string[] {
  return attachments
    .filter(({ contentType }) => contentType === "text/calendar")
    .map(({ content }) => content.toString("utf8"));
}
