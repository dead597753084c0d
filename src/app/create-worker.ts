import pg from "pg";
import type { Logger } from "pino";
import type { Config } from "../config.ts";
import { createPlainOrm, createRoutedOrm } from "../platform/database/orm.ts";
import { openServer, Servers } from "../platform/database/servers.ts";
import { runWorker, type Worker } from "../platform/jobs/run-worker.ts";
import { createMailer } from "../platform/mail/create-mailer.ts";
import type { Metrics } from "../platform/metrics.ts";
import type { DatabaseUrls } from "./create-app.ts";
import { crontab } from "./crontab.ts";
import { auditEntities, entities } from "./entities.ts";
import { jobs } from "./jobs.ts";

/** To be told of new jobs, to look for jobs, to say that it lives, to add what is due. */
const queueConnections = 4;

/** A worker, put together, with pools of its own: neither jobs nor requests take each other's connections. */
export async function createWorker(
  config: Config,
  databases: DatabaseUrls,
  metrics: Metrics,
  log: Logger,
): Promise<Worker> {
  const { concurrency, deadAfterMs } = config.worker;
  const options = {
    ...config.database,
    poolSize: concurrency,
    onConnectionError: (server: string, err: Error) => log.warn({ err, server }, "a database connection was lost"),
  };
  // graphile-worker compares instants with dates, so its pool has to read them as such, which the ORM's does not.
  const queue = openServer("primary", databases.url, { ...options, poolSize: queueConnections }, pg.types);
  const servers = new Servers({ ...options, url: databases.url, replicaUrls: [] });
  const auditServer = openServer("audit", databases.auditUrl, options);
  const orm = await createRoutedOrm(servers, entities);
  const auditOrm = await createPlainOrm(auditServer, auditEntities);
  const mailer = createMailer(config.mail);
  const worker = await runWorker({
    pool: queue.pool,
    em: orm.em,
    audit: auditOrm.em,
    mailer,
    jobs,
    schedules: crontab,
    settings: { timeZone: config.timeZone },
    concurrency,
    deadAfterMs,
    log,
    metrics,
  });
  return {
    stop: async () => {
      await worker.stop();
      await mailer.close();
      await Promise.all([orm.close(), auditOrm.close()]);
      await Promise.all([queue.pool.end(), servers.close(), auditServer.pool.end()]);
    },
  };
}
