import type { EntityManager } from "@mikro-orm/postgresql";
import type { ParsedMail } from "mailparser";
import { inTransaction } from "../../src/platform/database/in-transaction.ts";
import type { Job, JobContext, JobSpec } from "../../src/platform/jobs/define-job.ts";
import { enqueue } from "../../src/platform/jobs/enqueue.ts";
import { runJob } from "../../src/platform/jobs/run-job.ts";
import { createMailer } from "../../src/platform/mail/create-mailer.ts";
import type { Mailer } from "../../src/platform/mail/mailer.ts";
import { type MailServer, startMailServer } from "./mail-server.ts";
import { queuedJobs } from "./queue.ts";
import type { TestServer } from "./test-server.ts";

/** Runs jobs by hand, without a worker, and reads the mails that come of them from a real SMTP server. */
export class MailWorld {
  readonly #server: TestServer;
  readonly #inbox: MailServer;
  readonly #mailer: Mailer;
  readonly #timeZone: string;

  private constructor(server: TestServer, inbox: MailServer, timeZone: string) {
    this.#server = server;
    this.#inbox = inbox;
    this.#mailer = createMailer({ url: inbox.url, from: "Seminars <seminar@example.org>", folder: "unused" });
    this.#timeZone = timeZone;
  }

  static async start(server: TestServer, timeZone = "Asia/Seoul"): Promise<MailWorld> {
    return new MailWorld(server, await startMailServer(), timeZone);
  }

  /** A fresh entity manager of the server. */
  get em(): EntityManager {
    return this.#server.app.orm.em.fork({ clear: true }) as EntityManager;
  }

  /** Adds a job to the queue, and gives its id. */
  async add(spec: JobSpec): Promise<string> {
    await inTransaction(this.em, (em) => enqueue(em, spec));
    const ids = (await queuedJobs(this.#server.database, spec.identifier)).map(({ id }) => id);
    return ids.at(-1) as string;
  }

  /** Runs one job and gives the mails that it sent. */
  async run<Payload>(job: Job<Payload>, payload: Payload, jobId = "1"): Promise<ParsedMail[]> {
    const before = this.#inbox.mails.length;
    // What these jobs do not use, the audit database and the metrics among it, is not there.
    const context = {
      jobId,
      em: this.em,
      mailer: this.#mailer,
      settings: { timeZone: this.#timeZone },
      signal: new AbortController().signal,
    } as unknown as JobContext;
    await runJob(job, context, payload);
    return this.#inbox.mails.slice(before);
  }

  /** Runs a job that is to send one mail. */
  async mailOf<Payload>(job: Job<Payload>, payload: Payload, jobId?: string): Promise<ParsedMail> {
    const mails = await this.run(job, payload, jobId);
    if (mails.length !== 1) throw new Error(`The job sent ${mails.length} mails.`);
    return mails[0] as ParsedMail;
  }

  async stop(): Promise<void> {
    await this.#mailer.close();
    await this.#inbox.stop();
  }
}

/** The calendar that is attached to a mail. */
export function calendarOf({ attachments }: ParsedMail): string | null {
  return attachments[0]?.content.toString("utf8") ?? null;
}

/** To whom a mail is addressed. */
export function addresseeOf({ to }: ParsedMail): string | undefined {
  return [to ?? []].flat()[0]?.value[0]?.address;
}
