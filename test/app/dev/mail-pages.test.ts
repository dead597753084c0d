import { describe, expect, test } from "@jest/globals";
import { renderMail, renderMailList } from "../../../src/app/dev/mail-pages.ts";
import type { StoredMail } from "../../../src/platform/mail/mail-folder.ts";

const hostile = `</title><script>alert("1")</script><img src=x onerror='alert(2)'>`;
const mail: StoredMail = {
  file: "2026-03-05T09-00-00-000Z_mailJoined.1.eml",
  date: new Date("2026-03-05T09:00:00Z"),
  to: hostile,
  subject: hostile,
  text: hostile,
  html: hostile,
  calendars: [hostile],
};

describe("the pages of mails", () => {
  test("list mails with links to them", () => {
    const html = renderMailList([{ ...mail, subject: "참여 확정" }]);
    expect(html).toContain(`<a href="/dev/mail/${mail.file}">참여 확정</a>`);
    expect(html).toContain(`<meta name="viewport"`);
  });

  test("say so when there is no mail", () => {
    expect(renderMailList([])).toContain("No mail yet.");
  });

  test("escape whatever stands in a mail", () => {
    for (const html of [renderMailList([mail]), renderMail(mail)]) {
      expect(html).not.toMatch(/<script|<img|onerror='/);
      expect(html.match(/<\/title>/g)).toHaveLength(1);
    }
  });

  test("show the HTML of a mail in a frame that may do nothing", () => {
    const html = renderMail({ ...mail, html: `<p title="&quot;">안녕</p>` });
    const [, sandbox, srcdoc] = html.match(/<iframe sandbox(="[^"]*")? title="[^"]*" srcdoc="([^"]*)">/) ?? [];
    expect(sandbox).toBeUndefined();
    expect(srcdoc).toContain("default-src &#39;none&#39;");
    expect(srcdoc).toContain("&lt;p title=&quot;&amp;quot;&quot;&gt;안녕&lt;/p&gt;");
  });

  test("show a mail without HTML by its text", () => {
    const html = renderMail({ ...mail, html: null, text: "plain" });
    expect(html).not.toContain("<iframe");
    expect(html).toContain("<pre>plain</pre>");
  });
});
