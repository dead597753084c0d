import { createServer, type Server, type Socket } from "node:net";
import { afterEach, describe, expect, test } from "@jest/globals";
import { createMailer } from "../../../src/platform/mail/create-mailer.ts";
import { type Mail, MailError, type Mailer } from "../../../src/platform/mail/mailer.ts";
import { type MailServer, type MailServerOptions, refusal, startMailServer } from "../../support/mail-server.ts";

const mail: Mail = {
  id: "mailJoined.0197.42",
  to: "learner@example.com",
  subject: "참여 확정: 그래프큐엘",
  text: "홍길동님, 안녕하세요.\n",
  html: "<p>홍길동님, 안녕하세요.</p>",
};

const endings: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

async function mailServer(options?: MailServerOptions): Promise<MailServer> {
  const server = await startMailServer(options);
  endings.push(() => server.stop());
  return server;
}

function mailerFor(url: string): Mailer {
  const mailer = createMailer({ url, from: "세미나 <seminar@example.org>", folder: "unused" });
  endings.push(() => mailer.close());
  return mailer;
}

async function failureOf(sending: Promise<void>): Promise<MailError> {
  const error = await sending.then(
    () => null,
    (error: unknown) => error,
  );
  expect(error).toBeInstanceOf(MailError);
  return error as MailError;
}

describe("sending by SMTP", () => {
  test("hands over text, HTML and calendar, in Korean, under the mail's own Message-ID", async () => {
    const server = await mailServer();
    await mailerFor(server.url).send({ ...mail, calendar: "BEGIN:VCALENDAR\r\nSUMMARY:세미나\r\n" });
    const [received] = server.mails;
    expect(received).toMatchObject({
      messageId: "<mailJoined.0197.42@example.org>",
      subject: mail.subject,
      text: mail.text,
      html: expect.stringContaining(mail.html),
      from: { value: [{ name: "세미나", address: "seminar@example.org" }] },
      to: { value: [{ address: mail.to }] },
    });
    expect(received?.headers.get("auto-submitted")).toBe("auto-generated");
    expect(received?.attachments).toHaveLength(1);
    const [calendar] = received?.attachments ?? [];
    expect(calendar?.contentType).toBe("text/calendar");
    expect(calendar?.headers.get("content-type")).toMatchObject({ params: { charset: "utf-8", method: "PUBLISH" } });
    expect(calendar?.filename).toBe("seminar.ics");
    expect(calendar?.content.toString("utf8")).toBe("BEGIN:VCALENDAR\r\nSUMMARY:세미나\r\n");
  });

  test("logs in with the name and password of the address", async () => {
    const seen: unknown[] = [];
    const server = await mailServer({
      authOptional: false,
      onAuth: ({ username, password }, _session, done) => {
        seen.push([username, password]);
        done(null, { user: username });
      },
    });
    await mailerFor(server.url.replace("//", "//mailer:p%40ss@")).send(mail);
    expect(seen).toEqual([["mailer", "p@ss"]]);
    expect(server.mails).toHaveLength(1);
  });

  test("sends one mail after the other over one connection", async () => {
    const server = await mailServer();
    const mailer = mailerFor(server.url);
    await mailer.send(mail);
    await mailer.send({ ...mail, id: "other" });
    expect(server.mails).toHaveLength(2);
    expect(server.connectionCount).toBe(1);
  });

  test("gives an address to one person only, whatever characters it has", async () => {
    const server = await mailServer();
    await failureOf(mailerFor(server.url).send({ ...mail, to: "one@example.com>, <two@example.com" }));
    expect(server.mails).toHaveLength(0);
  });
});

describe("a server that refuses", () => {
  test.each([
    ["550 for the recipient: for good", 550, true],
    ["553 for the recipient: for good", 553, true],
    ["451 for the recipient: for now", 451, false],
  ])("%s", async (_name, code, isPermanent) => {
    const server = await mailServer({
      onRcptTo: ({ address }, _session, done) => done(refusal(code, `5.1.1 <${address}> is not known here`)),
    });
    const failure = await failureOf(mailerFor(server.url).send(mail));
    expect(failure).toMatchObject({ isPermanent, message: expect.stringContaining(String(code)) });
    expect(server.mails).toHaveLength(0);
  });

  test("refuses one recipient, and takes the next mail", async () => {
    const server = await mailServer({
      onRcptTo: ({ address }, _session, done) => done(address === mail.to ? refusal(550, "unknown") : null),
    });
    const mailer = mailerFor(server.url);
    await failureOf(mailer.send(mail));
    await mailer.send({ ...mail, to: "other@example.com" });
    expect(server.mails).toHaveLength(1);
  });

  test.each([
    ["554 for the mail itself: for good", 554, true],
    ["452 for the mail itself: for now", 452, false],
  ])("%s", async (_name, code, isPermanent) => {
    const server = await mailServer({ answer: (_server, accept) => accept(refusal(code, "not like this")) });
    const failure = await failureOf(mailerFor(server.url).send(mail));
    expect(failure).toMatchObject({ isPermanent, message: expect.stringContaining(String(code)) });
  });

  test("refuses who sends, which a person may mend: for now", async () => {
    const server = await mailServer({ onMailFrom: (_address, _session, done) => done(refusal(550, "not from you")) });
    const failure = await failureOf(mailerFor(server.url).send(mail));
    expect(failure).toMatchObject({ isPermanent: false, message: expect.stringContaining("550") });
  });

  test("quotes the address, which the failure does not", async () => {
    const server = await mailServer({
      onRcptTo: ({ address }, _session, done) => done(refusal(550, `5.1.1 <${address}> is not known here`)),
    });
    const failure = await failureOf(mailerFor(server.url).send(mail));
    expect(`${failure.message} ${failure.stack} ${JSON.stringify(failure)} ${failure.cause}`).not.toContain("learner");
  });
});

describe("a server that fails", () => {
  test("hangs before it greets: sending fails", async () => {
    const url = await silentServer();
    const failure = await failureOf(mailerFor(`${url}?greetingTimeout=200`).send(mail));
    expect(failure).toMatchObject({ isPermanent: false, message: expect.stringContaining("ETIMEDOUT") });
  });

  test("hangs after it got the mail: sending fails", async () => {
    const server = await mailServer({ answer: () => {} });
    const failure = await failureOf(mailerFor(`${server.url}?socketTimeout=200`).send(mail));
    expect(failure).toMatchObject({ isPermanent: false, message: expect.stringContaining("ETIMEDOUT") });
    expect(server.mails).toHaveLength(1);
  });

  test("does not listen: sending fails", async () => {
    const server = await startMailServer();
    await server.stop();
    expect(await failureOf(mailerFor(server.url).send(mail))).toMatchObject({ isPermanent: false });
  });

  describe.each(["close", "reset"] as const)("and drops the connection (%s)", (how) => {
    test("after it got the mail: sending fails once, and again means a copy with the same Message-ID", async () => {
      let drops = 1;
      const server = await mailServer({ answer: (server, accept) => (drops-- > 0 ? server.cut(how) : accept()) });
      const mailer = mailerFor(server.url);
      expect(await failureOf(mailer.send(mail))).toMatchObject({ isPermanent: false });
      expect(server.mails).toHaveLength(1);

      await mailer.send(mail);
      const [first, second] = server.mails.map(({ messageId }) => messageId);
      expect(server.mails).toHaveLength(2);
      expect(second).toBe(first);
    });

    test("after it got another mail over the same one: sending fails once, too", async () => {
      let mails = 0;
      const server = await mailServer({ answer: (server, accept) => (++mails === 2 ? server.cut(how) : accept()) });
      const mailer = mailerFor(server.url);
      await mailer.send(mail);
      expect(await failureOf(mailer.send({ ...mail, id: "second" }))).toMatchObject({ isPermanent: false });
      expect(server.mails).toHaveLength(2);
    });

    test("while nothing is sent: the next mail takes another one", async () => {
      const server = await mailServer();
      const mailer = mailerFor(server.url);
      await mailer.send(mail);
      server.cut(how);
      await mailer.send({ ...mail, id: "other" });
      expect(server.mails.map(({ messageId }) => messageId)).toEqual([
        "<mailJoined.0197.42@example.org>",
        "<other@example.org>",
      ]);
    });
  });
});

describe("a mailer", () => {
  test("is not made for an address of another kind", () => {
    expect(() => createMailer({ url: "http://example.org", from: "a@example.org", folder: "" })).toThrow("smtp://");
  });

  test("is not made for a sender without an address", () => {
    expect(() => createMailer({ url: "smtp://127.0.0.1:1", from: "Seminars", folder: "" })).toThrow("sender");
  });

  test("does not send a mail whose id would not be a Message-ID", async () => {
    const server = await mailServer();
    await expect(mailerFor(server.url).send({ ...mail, id: "a>\r\nBcc: <b" })).rejects.toThrow("id of a mail");
    expect(server.mails).toHaveLength(0);
  });
});

/** A server that accepts connections and says nothing. */
async function silentServer(): Promise<string> {
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => sockets.add(socket.on("error", () => {})));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  endings.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const address = server.address();
  if (typeof address !== "object" || !address) throw new Error("The server has no port.");
  return `smtp://127.0.0.1:${address.port}`;
}
