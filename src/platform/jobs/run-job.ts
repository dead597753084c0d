import type { EntityManager } from "@mikro-orm/postgresql";
import { sql } from "kysely";
import type { z } from "zod";
import { inTransaction } from "../database/in-transaction.ts";
import { selectRows } from "../database/sql/select-rows.ts";
import type { Job, JobContext } from "./define-job.ts";
import { PermanentFailure } from "./permanent-failure.ts";

/**
 * Does one job of the queue, once.
 * @throws {PermanentFailure} when the payload is not what the job expects, or when the job itself finds no use in going on.
 */
export async function runJob<Payload>(job: Job<Payload>, context: JobContext, payload: unknown): Promise<void> {
  const parsed = job.payload.safeParse(payload);
  if (!parsed.success) throw new PermanentFailure(refusalOf(job.name, parsed.error), { cause: parsed.error });
  if (!job.inOneTransaction) return await job.run(context, parsed.data);
  await inTransaction(context.em, async (em) => {
    if (await complete(em, context.jobId)) await job.run({ ...context, em }, parsed.data);
  });
}

/**
 * Takes the job out of the queue, in the transaction of its work; the worker's own completion then finds nothing to do.
 * Whoever runs the same job at the same time waits here, and hears that it is done.
 */
async function complete(em: EntityManager, jobId: string): Promise<boolean> {
  const done = await selectRows(em, sql`delete from graphile_worker._private_jobs where id = ${jobId} returning id`);
  return done.length > 0;
}

function refusalOf(name: string, { issues }: z.ZodError): string {
  const faults = issues.map(({ path, message }) => (path.length > 0 ? `${path.join(".")}: ${message}` : message));
  return `The payload is not what ${name} expects. ${faults.join("; ")}`;
}
