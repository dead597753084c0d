import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { createMailer } from "../../../src/platform/mail/create-mailer.ts";
import { listMails, readMail } from "../../../src/platform/mail/mail-folder.ts";
import type { Mail } from "../../../src/platform/mail/mailer.ts";

const mail: Mail = {
  id: "mailJoined.0197.42",
  to: "learner@example.com",
  subject: "참여 확정: 그래프큐엘",
  text: "홍길동님, 안녕하세요.\n",
  html: "<p>홍길동님, 안녕하세요.</p>\n",
  calendar: "BEGIN:VCALENDAR\r\nSUMMARY:세미나\r\n",
};

describe("the folder of mails", () => {
  let root: string;
  let folder: string;
  beforeEach(async () => {
    root = await mkdtemp(path.join(tmpdir(), "seminar-mail-"));
    folder = path.join(root, "mail");
  });
  afterEach(() => rm(root, { recursive: true }));

  const mailer = () => createMailer({ url: "file:", from: "세미나 <seminar@example.org>", folder });

  test("is empty before the first mail", async () => {
    expect(await listMails(folder)).toEqual([]);
    expect(await readMail(folder, "one.eml")).toBeNull();
  });

  test("keeps a mail as one file that says everything", async () => {
    await mailer().send(mail);
    const [file = ""] = await readdir(folder);
    expect(file).toMatch(/^\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d-\d{3}Z_mailJoined\.0197\.42\.eml$/);
    expect(await readMail(folder, file)).toEqual({
      file,
      date: expect.any(Date),
      to: mail.to,
      subject: mail.subject,
      text: mail.text,
      html: mail.html,
      calendars: [mail.calendar],
    });
  });

  test("has the same mail once, however often it is sent, and the others beside it", async () => {
    const { send } = mailer();
    await send(mail);
    await send({ ...mail, id: "42" });
    await send({ ...mail, subject: "again" });
    const mails = await listMails(folder);
    expect(mails.map(({ subject }) => subject).sort()).toEqual(["again", mail.subject]);
    expect(await readdir(folder)).toHaveLength(2);
  });

  test("lists the newest first, and nothing but mails", async () => {
    await mailer().send(mail);
    await writeFile(path.join(folder, "2001-01-01T00-00-00-000Z_old.eml"), "Subject: old\r\n\r\n");
    await writeFile(path.join(folder, "9999-01-01T00-00-00-000Z_unfinished.eml.123"), "Subject: unfinished\r\n\r\n");
    expect((await listMails(folder)).map(({ subject }) => subject)).toEqual([mail.subject, "old"]);
  });

  test("gives no file that is outside of it", async () => {
    await mailer().send(mail);
    await writeFile(path.join(root, "secret.eml"), "Subject: secret\r\n\r\n");
    for (const file of ["../secret.eml", "..%2Fsecret.eml", path.join(root, "secret.eml"), "", ".."]) {
      expect(await readMail(folder, file)).toBeNull();
    }
  });
});
