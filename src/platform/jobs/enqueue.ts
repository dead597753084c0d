import type { EntityManager } from "@mikro-orm/postgresql";
import { sql } from "kysely";
import type { JobSpec } from "./define-job.ts";

/**
 * Adds jobs in the transaction of `em`, in one statement: they exist if and only if it commits. Jobs of one kind whose
 * payloads are lists become one job, with all that is in these lists, unless they have a key or a time of their own.
 * @throws when there is no transaction: a job belongs to a change
 */
export async function enqueue(em: EntityManager, ...specs: readonly JobSpec[]): Promise<void> {
  if (!em.isInTransaction()) throw new Error("A job is added in the transaction of the change that it belongs to.");
  if (specs.length === 0) return;
  await sql`
    select from graphile_worker.add_jobs((
      select array_agg(row(
        spec."identifier", spec."payload", null, spec."runAt", spec."maxAttempts", spec."key", spec."priority", null
      )::graphile_worker.job_spec order by place)
      from rows from (
        json_to_recordset(${JSON.stringify(withListsJoined(specs))}::json) as (
          "identifier" text, "payload" json, "runAt" timestamptz, "maxAttempts" smallint, "key" text, "priority" smallint
        )
      ) with ordinality as spec ("identifier", "payload", "runAt", "maxAttempts", "key", "priority", place)
    ))`.execute(em.getKysely());
}

function withListsJoined(specs: readonly JobSpec[]): JobSpec[] {
  const isJoined = ({ payload, key, runAt }: JobSpec) => Array.isArray(payload) && key === null && runAt === null;
  const byKind = Map.groupBy(specs, (spec) => (isJoined(spec) ? spec.identifier : null));
  return [...byKind].flatMap(([identifier, some]) => {
    const [first] = some as [JobSpec];
    return identifier === null ? some : [{ ...first, payload: some.flatMap(({ payload }) => payload as unknown[]) }];
  });
}

const batchSize = 1_000;

/** Likewise, for any number of jobs, in statements that stay well below the statement timeout. */
export async function enqueueAll(em: EntityManager, specs: readonly JobSpec[]): Promise<void> {
  for (let start = 0; start < specs.length; start += batchSize) {
    await enqueue(em, ...specs.slice(start, start + batchSize));
  }
}
