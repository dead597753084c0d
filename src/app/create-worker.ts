import pg from "pg";
import type { Logger } from "pino";
import type { Config } from "../config.ts";
import { PrimaryPool } from "../platform/database/connections/primary-pool.ts";
import type { Topology } from "../platform/database/routing/topology/topology.ts";
import type { Health } from "../platform/http/health-routes.ts";
import { runWorker, type Worker } from "../platform/jobs/run-worker.ts";
import { createMailer } from "../platform/mail/create-mailer.ts";
import type { Metrics } from "../platform/metrics.ts";
import { connectDatabases } from "./connect-databases.ts";
import { crontab } from "./crontab.ts";
import type { DatabaseUrls } from "./database-urls.ts";
import { healthOf } from "./health-of.ts";
import { jobs } from "./jobs.ts";

/** To be told of new jobs, to look for jobs, to say that it lives, to add what is due. */
const queueConnections = 4;

/**
 * A worker, put together, with pools of its own: neither jobs nor requests take each other's connections.
 * @param topology the one of the server that the worker is part of; else it watches the databases itself
 */
export async function createWorker(
  config: Config,
  databases: DatabaseUrls,
  metrics: Metrics,
  log: Logger,
  topology?: Topology,
): Promise<Worker & { health(): Health }> {
  const { concurrency, deadAfterMs } = config.worker;
  const lanes = {
    write: { size: concurrency },
    // graphile-worker compares instants with dates, so its pool has to read them as such, which the ORM's does not.
    queue: { size: queueConnections, types: pg.types },
  };
  const connections = await connectDatabases(config, databases, { lanes, audit: { size: concurrency }, topology }, log);
  const mailer = createMailer(config.mail);
  const pool = new PrimaryPool(connections.servers, "queue");
  const worker = await runWorker({
    pool,
    em: connections.orm.em,
    audit: connections.auditOrm.em,
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
    health: () => healthOf(connections.servers.topology),
    stop: async () => {
      await worker.stop();
      await pool.end();
      await mailer.close();
      await connections.close();
    },
  };
}
