import type { AddressInfo } from "node:net";
import { SMTPServer } from "smtp-server";

/** A mail server on loopback that takes every mail and keeps none. */
export interface MailSink {
  readonly url: string;
  stop(): Promise<void>;
}

export async function startMailSink(): Promise<MailSink> {
  const smtp = new SMTPServer({
    authOptional: true,
    disabledCommands: ["STARTTLS"],
    disableReverseLookup: true,
    logger: false,
    closeTimeout: 1,
    onData: (stream, _session, accept) => {
      stream.resume();
      stream.once("end", () => accept());
    },
  });
  // A server that is stopped leaves its connections; that is no news.
  smtp.on("error", () => {});
  await new Promise<void>((resolve) => smtp.listen(0, "127.0.0.1", resolve));
  return {
    url: `smtp://127.0.0.1:${(smtp.server.address() as AddressInfo).port}`,
    stop: () => new Promise<void>((resolve) => smtp.close(() => resolve())),
  };
}
