import type { JobHelpers, Task, TaskList } from "graphile-worker";
import type { Job } from "./define-job.ts";
import { PermanentFailure } from "./permanent-failure.ts";
import { runJob } from "./run-job.ts";
import type { WorkerOptions } from "./worker-options.ts";

/** The jobs as graphile-worker takes them: each run is timed, and what fails is logged. */
export function taskList(options: WorkerOptions): TaskList {
  return Object.fromEntries(options.jobs.map((job) => [job.name, taskOf(job, options)]));
}

function taskOf(job: Job<unknown>, { em, audit, mailer, settings, log, metrics }: WorkerOptions): Task {
  return async (payload, helpers) => {
    const jobId = helpers.job.id;
    const jobLog = log.child({ job: job.name, jobId });
    const stopTimer = metrics.jobSeconds.startTimer({ job: job.name });
    const context = {
      jobId,
      em: em.fork({ clear: true }),
      audit: audit.fork({ clear: true }),
      mailer,
      settings,
      metrics,
      log: jobLog,
      signal: helpers.abortSignal,
    };
    try {
      await runJob(job, context, payload);
      stopTimer({ outcome: "done" });
    } catch (err) {
      stopTimer({ outcome: "failed" });
      const isPermanent = err instanceof PermanentFailure;
      jobLog.error({ err, attempt: helpers.job.attempts, maxAttempts: job.maxAttempts, isPermanent }, "a job failed");
      if (isPermanent) await useUpAttempts(helpers, err.message);
      throw err;
    }
  };
}

/** What graphile-worker's own `permanently_fail_jobs` does, which leaves out jobs that run. */
async function useUpAttempts({ job, query }: JobHelpers, message: string): Promise<void> {
  await query(
    `update graphile_worker._private_jobs set attempts = max_attempts, last_error = $1
     where id = $2 and locked_by = $3`,
    [message, job.id, job.locked_by],
  );
}
