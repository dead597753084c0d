import { describe, expect, test } from "@jest/globals";
import { Locale } from "../../../src/platform/locale.ts";
import { composeMail } from "../../../src/platform/mail/compose-mail.ts";

const envelope = { id: "one", to: "learner@example.com" };
const content = {
  subject: "참여 확정",
  greeting: "홍길동님, 안녕하세요.",
  paragraphs: ["참여가 확정되었습니다.", "또 만나요."],
  facts: [
    { label: "시간", value: "18:30" },
    { label: "장소", value: "온라인" },
  ],
};

describe("composeMail", () => {
  test("says the same in text and in HTML", () => {
    const { text, html } = composeMail(envelope, Locale.KO, content);
    expect(text).toBe(
      "홍길동님, 안녕하세요.\n\n참여가 확정되었습니다.\n\n또 만나요.\n\n시간: 18:30\n장소: 온라인\n\n-- \n이 메일은 자동으로 발송되었습니다.\n",
    );
    for (const words of [content.subject, content.greeting, ...content.paragraphs, "시간", "18:30", "장소", "온라인"]) {
      expect(html).toContain(`>${words}<`);
    }
  });

  test.each([
    [Locale.KO, '<html lang="ko">', "이 메일은 자동으로 발송되었습니다."],
    [Locale.EN, '<html lang="en">', "This mail was sent automatically."],
  ])("names its language to screen readers: %s", (locale, lang, footer) => {
    const { text, html } = composeMail(envelope, locale, content);
    expect(html).toContain(lang);
    expect(html).toContain(footer);
    expect(text).toContain(footer);
  });

  test("escapes HTML in HTML, and not in text", () => {
    const hostile = `<b onclick="x">'&'</b>`;
    const escaped = "&lt;b onclick=&quot;x&quot;&gt;&#39;&amp;&#39;&lt;/b&gt;";
    const { subject, text, html } = composeMail(envelope, Locale.EN, {
      subject: hostile,
      greeting: hostile,
      paragraphs: [hostile],
      facts: [{ label: hostile, value: hostile }],
    });
    expect(html).not.toContain("<b onclick");
    expect(html.split(escaped)).toHaveLength(7);
    expect(text).toContain(hostile);
    expect(subject).toBe(hostile);
  });

  test("leaves colours to who reads, by day and by night", () => {
    const { html } = composeMail(envelope, Locale.EN, content);
    expect(html).toContain('<meta name="color-scheme" content="light dark">');
    expect(html).not.toMatch(/[^-]color:|background/);
  });

  test("makes one line of the subject, whatever a name has in it", () => {
    const { subject } = composeMail(envelope, Locale.EN, { ...content, subject: "Joined: a\r\nBcc: b\n\tc" });
    expect(subject).toBe("Joined: a Bcc: b c");
  });

  test("has no table without facts", () => {
    expect(composeMail(envelope, Locale.EN, { ...content, facts: [] }).html).not.toContain("<table");
  });
});
