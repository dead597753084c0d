import type { Pool } from "pg";
import type { Logger } from "pino";

/** How often a worker says that it lives within the time after which it would be dead. */
const beatsPerLife = 10;

export interface Heartbeat {
  /** Says so at once, and from now on, of the worker that locks its jobs by this name. */
  isOf(id: string): void;
  /** Gives back what the worker still holds, and says that it is gone. */
  stop(): Promise<void>;
}

/**
 * Says every little while that the worker lives, and frees the jobs of workers that do not any more: graphile-worker
 * alone would wait for four hours, since it cannot know. A worker that begins anew has a new name; the jobs that it held
 * under the old one are free again when nothing was heard of that for long enough.
 */
export function keepAlive(pool: Pool, deadAfterMs: number, log: Logger): Heartbeat {
  /** What the jobs that the worker holds are locked by. */
  let id: string | undefined;
  const beat = async () => {
    try {
      await pool.query(
        `insert into workers (id, seen_at) values ($1, clock_timestamp())
         on conflict (id) do update set seen_at = excluded.seen_at`,
        [id],
      );
      await freeJobsOfTheDead(pool, deadAfterMs, log);
    } catch (err) {
      log.warn({ err }, "the worker could not say that it lives");
    }
  };
  let last = Promise.resolve();
  const beatNext = () => {
    last = last.then(beat);
  };
  const timer = setInterval(beatNext, deadAfterMs / beatsPerLife);
  return {
    isOf: (next) => {
      id = next;
      beatNext();
    },
    stop: async () => {
      clearInterval(timer);
      await last;
      try {
        await pool.query(
          `with gone as (delete from workers where id = $1::text)
           select graphile_worker.force_unlock_workers(array[$1::text])`,
          [id],
        );
      } catch (err) {
        // Whoever is left finds out by the silence.
        log.warn({ err }, "the worker could not give its jobs back");
      }
    },
  };
}

/** Dead is who holds a job for longer than that and was not heard of since. */
async function freeJobsOfTheDead(pool: Pool, deadAfterMs: number, log: Logger): Promise<void> {
  const { rows } = await pool.query<{ freed: string[] | null }>(
    `with dead as (
       select distinct locked_by as id from graphile_worker._private_jobs
       where locked_at < clock_timestamp() - $1 * interval '1 ms'
         and not exists (
           select from workers where workers.id = locked_by and workers.seen_at > clock_timestamp() - $1 * interval '1 ms'
         )
     ), freed as (
       select array_agg(id) as ids from dead
     ), forgotten as (
       delete from workers where seen_at < clock_timestamp() - $1 * interval '1 ms'
     )
     select ids as freed, graphile_worker.force_unlock_workers(ids) from freed where ids is not null`,
    [deadAfterMs],
  );
  if (rows[0]?.freed) log.warn({ workers: rows[0].freed }, "the jobs of dead workers are free again");
}
