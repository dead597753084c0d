import { createTransport, type NodemailerError } from "nodemailer";
import { messagesFrom } from "./mail-message.ts";
import { MailError, type Mailer } from "./mailer.ts";

/** How long a server may be silent, step by step; an address with a query may say otherwise. */
const timeouts = { dnsTimeout: 5_000, connectionTimeout: 5_000, greetingTimeout: 5_000, socketTimeout: 10_000 };
/** For a whole mail, the wait for a free connection included: a server that trickles is never silent. */
const mailTimeoutMs = 30_000;

/**
 * Sends by SMTP, over a few connections that are kept.
 *
 * A mail that throws was not taken, with one gap that SMTP leaves open: when the connection is lost after the whole
 * mail was handed over and before the server's answer to it, nobody knows whether it was taken. That throws too, so
 * that the mail is tried again and comes at least once; the second copy has the Message-ID of the first, by which
 * servers and clients tell that they are one.
 */
export function createSmtpMailer(url: string, from: string): Mailer {
  const messageOf = messagesFrom(from);
  const transport = createTransport({
    pool: true,
    maxConnections: 5,
    // Only what has not been handed over yet, since a connection that was idle turned out to be closed, is repeated at once.
    maxRequeues: 1,
    ...timeouts,
    url,
  });
  return {
    async send(mail) {
      const message = messageOf(mail);
      try {
        await transport.sendMail({ ...message, signal: AbortSignal.timeout(mailTimeoutMs) });
      } catch (error) {
        throw mailError(error as NodemailerError);
      }
    },
    async close() {
      transport.close();
    },
  };
}

/** The steps at which a refusal is about the mail; at others it is about the server that sends, where a person can help. */
const stepsOfTheMail = ["RCPT TO", "DATA"];

/** The codes only: the server's own words, and the library's, may quote the address. */
function mailError({ code, command, response, responseCode, permanent }: NodemailerError): MailError {
  const step = command ? ` at ${command}` : "";
  if (responseCode === undefined) return new MailError(`The mail was not sent: ${code ?? "unknown"}${step}.`, false);
  const [, detail] = response?.match(/^\d{3}[ -](\d\.\d{1,3}\.\d{1,3})\b/) ?? [];
  const reply = [responseCode, detail].filter(Boolean).join(" ");
  const isPermanent = permanent === true && stepsOfTheMail.includes(command ?? "");
  return new MailError(`The mail server answered ${reply}${step}.`, isPermanent);
}
