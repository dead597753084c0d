import type { EntityManager } from "@mikro-orm/postgresql";
import type { Logger } from "pino";
import type { z } from "zod";
import type { Mailer } from "../mail/mailer.ts";
import type { Metrics } from "../metrics.ts";

export interface JobSettings {
  /** The time zone of `time` and `startsOn` of seminars. */
  readonly timeZone: string;
}

/** What a job has to work with. */
export interface JobContext {
  /** The job's own id, the same at every attempt: what an effect is made idempotent by. */
  readonly jobId: string;
  /** An entity manager of the job's own, on the primary. */
  readonly em: EntityManager;
  /** Likewise, on the audit database. */
  readonly audit: EntityManager;
  readonly mailer: Mailer;
  readonly settings: JobSettings;
  readonly metrics: Metrics;
  readonly log: Logger;
  /** Aborts when the worker has to stop. */
  readonly signal: AbortSignal;
}

export interface JobOptions<Payload> {
  name: string;
  /**
   * What the payload has to be. It is checked when the job is added and when it runs: old jobs outlive a deploy. Those
   * that are lists may become one job, see `enqueue`.
   */
  payload: z.ZodType<Payload>;
  /** Jobs with a smaller number go first. */
  priority: number;
  /** After so many attempts the job is FAILED, and staff decide. */
  maxAttempts: number;
  /**
   * Whether the work is one transaction on the primary, which completes the job too: then `em` is in it, and the effect
   * happens exactly once, whenever a worker dies. For work that adds jobs for others.
   */
  inOneTransaction?: boolean;
  /** Does the work. It may run more than once for one job, so its effect must be the same as if it ran once. */
  run(context: JobContext, payload: Payload): Promise<void>;
}

/** A kind of work that leaves the request and is done later by a worker. */
export interface Job<Payload> extends JobOptions<Payload> {
  /** One piece of this work, to be added by `enqueue`. */
  of(payload: Payload, options?: { key?: string; runAt?: Date }): JobSpec;
}

/** One piece of work that waits to be added. */
export interface JobSpec {
  readonly identifier: string;
  readonly payload: unknown;
  readonly priority: number;
  readonly maxAttempts: number;
  /** While a job with this key waits, adding another one replaces it. */
  readonly key: string | null;
  readonly runAt: Date | null;
}

/** Defines a kind of job. The composition root lists all of them. */
export function defineJob<Payload>(options: JobOptions<Payload>): Job<Payload> {
  return {
    ...options,
    of: (payload, { key, runAt } = {}) => ({
      identifier: options.name,
      payload: options.payload.parse(payload),
      priority: options.priority,
      maxAttempts: options.maxAttempts,
      key: key ?? null,
      runAt: runAt ?? null,
    }),
  };
}
