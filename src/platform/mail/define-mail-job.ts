import type { z } from "zod";
import { defineJob, type Job, type JobContext } from "../jobs/define-job.ts";
import { PermanentFailure } from "../jobs/permanent-failure.ts";
import { type Mail, MailError, type Mailer } from "./mailer.ts";

/** Mail never delays promotion, whose priority is 0, nor audit entries. */
export const mailJobOptions = { priority: 20, maxAttempts: 10 } as const;

export interface MailJobOptions<Payload> {
  name: string;
  payload: z.ZodType<Payload>;
  /** The mail as it has to be now; null when what it is about is gone, so that there is nothing to say. */
  write(context: JobContext, payload: Payload): Promise<Mail | null>;
}

/** A job that sends one mail. */
export function defineMailJob<Payload>({ name, payload, write }: MailJobOptions<Payload>): Job<Payload> {
  return defineJob({
    ...mailJobOptions,
    name,
    payload,
    async run(context, values) {
      const mail = await write(context, values);
      if (mail) await send(context.mailer, mail);
    },
  });
}

async function send(mailer: Mailer, mail: Mail): Promise<void> {
  try {
    await mailer.send(mail);
  } catch (error) {
    if (error instanceof MailError && error.isPermanent) throw new PermanentFailure(error.message, { cause: error });
    throw error;
  }
}
