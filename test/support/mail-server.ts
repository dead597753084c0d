import type { AddressInfo, Socket } from "node:net";
import { type ParsedMail, simpleParser } from "mailparser";
import { SMTPServer, type SMTPServerOptions } from "smtp-server";

/** A real SMTP server on loopback, which keeps what it gets. */
export interface MailServer {
  /** The address to send to; options for the sender may follow as a query. */
  readonly url: string;
  /** The mails that it got as a whole, in order, answered or not. */
  readonly mails: readonly ParsedMail[];
  /** How often somebody connected. */
  readonly connectionCount: number;
  /** Ends every connection: as a crash of the program would, or as one of the machine would. */
  cut(how?: "close" | "reset"): void;
  stop(): Promise<void>;
}

export interface MailServerOptions
  extends Pick<SMTPServerOptions, "onMailFrom" | "onRcptTo" | "onAuth" | "authOptional"> {
  /** What it does with a mail that it got as a whole; default: takes it. */
  answer?(server: MailServer, accept: (refusal?: Error) => void): void;
}

export async function startMailServer({ answer, ...options }: MailServerOptions = {}): Promise<MailServer> {
  const mails: ParsedMail[] = [];
  const sockets = new Set<Socket>();
  let connectionCount = 0;
  const smtp = new SMTPServer({
    authOptional: true,
    allowInsecureAuth: true,
    // Its certificate is one that nobody believes.
    disabledCommands: ["STARTTLS"],
    disableReverseLookup: true,
    logger: false,
    closeTimeout: 1,
    onData: async (stream, _session, accept) => {
      mails.push(await simpleParser(stream));
      if (answer) answer(server, accept);
      else accept();
    },
    ...options,
  });
  // A connection that a test cuts is no news.
  smtp.on("error", () => {});
  smtp.server.on("connection", (socket: Socket) => {
    connectionCount++;
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => smtp.listen(0, "127.0.0.1", resolve));
  const cut: MailServer["cut"] = (how = "close") => {
    for (const socket of sockets) {
      if (how === "reset") socket.resetAndDestroy();
      else socket.destroy();
    }
  };
  const server: MailServer = {
    url: `smtp://127.0.0.1:${(smtp.server.address() as AddressInfo).port}`,
    mails,
    get connectionCount() {
      return connectionCount;
    },
    cut,
    stop: async () => {
      cut();
      await new Promise<void>((resolve) => smtp.close(() => resolve()));
    },
  };
  return server;
}

/** A refusal with a reply code of SMTP. */
export function refusal(responseCode: number, message: string): Error {
  return Object.assign(new Error(message), { responseCode });
}
