import { escapeHtml } from "../../platform/mail/escape-html.ts";
import type { MailSummary, StoredMail } from "../../platform/mail/mail-folder.ts";

/** Where development shows the mails; one mail is at its file's name below it. */
export const mailPagePath = "/dev/mail";

/** The page that lists mails. */
export function renderMailList(mails: readonly MailSummary[]): string {
  const items = mails.map(
    (mail) => `<li><a href="${mailPagePath}/${encodeURIComponent(mail.file)}">${escapeHtml(mail.subject)}</a>
<small>${facts(mail)}</small></li>`,
  );
  const list = items.length > 0 ? `<ol reversed>\n${items.join("\n")}\n</ol>` : "<p>No mail yet.</p>";
  return page("Mails", `<h1>Mails</h1>\n${list}`);
}

/**
 * The page of one mail. What the mail says is escaped, and its HTML is shown in a frame where it can neither run nor load
 * anything.
 */
export function renderMail(mail: StoredMail): string {
  const calendars = mail.calendars.map((calendar) => details("Calendar", `<pre>${escapeHtml(calendar)}</pre>`));
  return page(
    mail.subject,
    `<p><a href="${mailPagePath}">All mails</a></p>
<h1>${escapeHtml(mail.subject)}</h1>
<p>${facts(mail)}</p>
${mail.html === null ? "" : frame(mail.html)}
${details("Text", `<pre>${escapeHtml(mail.text)}</pre>`)}
${calendars.join("\n")}`,
  );
}

function facts({ to, date }: MailSummary): string {
  const time = date ? ` · <time datetime="${date.toISOString()}">${date.toISOString()}</time>` : "";
  return `${escapeHtml(to)}${time}`;
}

function frame(html: string): string {
  const policy = `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">`;
  return `<iframe sandbox title="The mail as HTML" srcdoc="${escapeHtml(policy + html)}"></iframe>`;
}

function details(title: string, content: string): string {
  return `<details><summary>${title}</summary>${content}</details>`;
}

const style = `:root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif; }
body { margin: 0 auto; max-width: 50rem; padding: 1rem; overflow-wrap: anywhere; }
h1 { font-size: 1.5rem; }
li { margin-bottom: 0.75rem; }
small { display: block; }
iframe { border: 1px solid; box-sizing: border-box; height: 65vh; width: 100%; }
summary { padding: 0.5rem 0; }
pre { white-space: pre-wrap; }`;

function page(title: string, content: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<style>
${style}
</style>
</head>
<body>
${content}
</body>
</html>
`;
}
