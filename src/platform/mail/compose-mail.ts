import { Locale, type LocalizedText } from "../locale.ts";
import { escapeHtml } from "./escape-html.ts";
import type { Mail } from "./mailer.ts";

/** What a mail says, in the language of its reader; all of it is text, not HTML. */
export interface MailContent {
  subject: string;
  greeting: string;
  paragraphs: readonly string[];
  facts?: readonly Fact[];
}

/** One line of the table of facts. */
export interface Fact {
  label: string;
  value: string;
}

const footer: LocalizedText = {
  EN: "This mail was sent automatically.",
  KO: "이 메일은 자동으로 발송되었습니다.",
};

/** The text and the HTML of a mail, and the rest of it. */
export function composeMail(
  envelope: Pick<Mail, "id" | "to" | "calendar">,
  locale: Locale,
  content: MailContent,
): Mail {
  // White space in a name could be a line break, which would end the subject.
  const subject = content.subject.replaceAll(/\s+/g, " ");
  return {
    ...envelope,
    subject,
    text: textOf(locale, content),
    html: htmlOf(locale, { ...content, subject }),
  };
}

function textOf(locale: Locale, { greeting, paragraphs, facts = [] }: MailContent): string {
  const lines = facts.map(({ label, value }) => `${label}: ${value}`).join("\n");
  return [greeting, ...paragraphs, lines, `-- \n${footer[locale]}`].filter(Boolean).join("\n\n").concat("\n");
}

/** It sets no colour of its own, so that it can be read by day and by night. */
function htmlOf(locale: Locale, { subject, greeting, paragraphs, facts = [] }: MailContent): string {
  const rows = facts.map(
    ({ label, value }) =>
      `<tr><th scope="row" style="${headCell}">${escapeHtml(label)}</th><td style="${cell}">${escapeHtml(value)}</td></tr>`,
  );
  const table = rows.length > 0 ? `<table style="border-collapse: collapse">\n${rows.join("\n")}\n</table>` : "";
  return `<!doctype html>
<html lang="${locale === Locale.KO ? "ko" : "en"}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escapeHtml(subject)}</title>
</head>
<body style="${body}">
<h1 style="font-size: 20px">${escapeHtml(subject)}</h1>
${[greeting, ...paragraphs].map((text) => `<p>${escapeHtml(text)}</p>`).join("\n")}
${table}
<p><small>${footer[locale]}</small></p>
</body>
</html>
`;
}

// Many mail programs know styles on elements only.
const body = "font: 16px/1.5 sans-serif; margin: 0 auto; max-width: 600px; padding: 16px; overflow-wrap: anywhere";
const cell = "border: 1px solid #888888; padding: 6px 10px; text-align: left; vertical-align: top";
const headCell = `${cell}; font-weight: bold`;
