import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { mailWelcome } from "../../../src/accounts/mails/welcome-mail.job.ts";
import { Locale } from "../../../src/platform/locale.ts";
import { addresseeOf, MailWorld } from "../../support/mail-world.ts";
import { startTestServer, type TestServer } from "../../support/test-server.ts";

describe("mailWelcome", () => {
  let server: TestServer;
  let mails: MailWorld;
  beforeAll(async () => {
    server = await startTestServer();
    mails = await MailWorld.start(server);
  });
  afterAll(async () => {
    await mails.stop();
    await server.stop();
  });

  test.each([
    [Locale.EN, "Welcome", "Hello 홍길동,", "You can join seminars as a participant."],
    [Locale.KO, "가입을 환영합니다", "홍길동님, 안녕하세요.", "이제 세미나에 참여자로 신청할 수 있습니다."],
  ])("welcomes in the language of the user: %s", async (locale, subject, greeting, sentence) => {
    const person = await server.world.person({ locale, lastName: "홍", firstName: "길동" });
    const mail = await mails.mailOf(mailWelcome, { userId: person.id });
    expect(mail).toMatchObject({ subject, messageId: `<mailWelcome.${person.id}@example.org>`, attachments: [] });
    expect(addresseeOf(mail)).toBe(person.email);
    for (const part of [mail.text, mail.html]) {
      for (const words of [greeting, sentence, person.username]) expect(part).toContain(words);
    }
  });

  test("calls people by their names, and by the username who has told none", async () => {
    const named = await server.world.person({ firstName: "Ada", lastName: "Lovelace", locale: Locale.KO });
    const unnamed = await server.world.person();
    expect((await mails.mailOf(mailWelcome, { userId: named.id })).text).toContain("Ada Lovelace님, 안녕하세요.");
    expect((await mails.mailOf(mailWelcome, { userId: unnamed.id })).text).toContain(`Hello ${unnamed.username},`);
  });

  test("tells who is not accepted yet that staff look first (A3), and instructors that they can lead", async () => {
    const waiting = await server.world.person({ accepted: false });
    const instructor = await server.world.person({ participant: false, instructor: true });
    expect((await mails.mailOf(mailWelcome, { userId: waiting.id })).text).toContain("as soon as our staff");
    const { text } = await mails.mailOf(mailWelcome, { userId: instructor.id });
    expect(text).toContain("You can lead a seminar.");
    expect(text).not.toContain("participant");
  });

  test("is the same mail at every attempt", async () => {
    const person = await server.world.person();
    const first = await mails.mailOf(mailWelcome, { userId: person.id }, "1");
    const second = await mails.mailOf(mailWelcome, { userId: person.id }, "1");
    expect(second.messageId).toBe(first.messageId);
  });

  test("is not sent to who is deactivated or gone", async () => {
    const inactive = await server.world.person({ active: false });
    expect(await mails.run(mailWelcome, { userId: inactive.id })).toEqual([]);
    expect(await mails.run(mailWelcome, { userId: "01970000-0000-7000-8000-000000000000" })).toEqual([]);
  });
});
