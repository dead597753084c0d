import { type App, createApp } from "../../src/app/create-app.ts";
import { createWorker } from "../../src/app/create-worker.ts";
import type { DatabaseUrls } from "../../src/app/database-urls.ts";
import { type Config, readConfig } from "../../src/config.ts";
import { createLog } from "../../src/platform/log.ts";
import { Metrics } from "../../src/platform/metrics.ts";
import { GraphqlClient } from "./client.ts";
import { createTestDatabase, type TestDatabase } from "./database.ts";
import { World } from "./world.ts";

/** A server in this process, on a database of its own, with real HTTP. */
export interface TestServer {
  readonly app: App;
  readonly database: TestDatabase;
  readonly origin: string;
  /** A client that is not logged in. */
  readonly anonymous: GraphqlClient;
  /** Makes people and seminars. */
  readonly world: World;
  /** The lines that the server logged so far. */
  readonly logLines: string[];
  stop(): Promise<void>;
}

/** A worker in this process. */
export interface TestWorker {
  /** The lines that the worker logged so far. */
  readonly logLines: string[];
  readonly metrics: Metrics;
  stop(): Promise<void>;
}

export interface TestServerOptions {
  /** Variables of the environment that differ from `.env.test`. */
  variables?: Record<string, string>;
  /** A database that is there already; the caller drops it. */
  database?: TestDatabase;
}

export async function startTestServer({ variables = {}, database }: TestServerOptions = {}): Promise<TestServer> {
  const ownDatabase = database ?? (await createTestDatabase());
  const config = testConfig(ownDatabase, variables);
  const logLines: string[] = [];
  const log = createLog({ level: "info", isPretty: false }, { write: (line: string) => void logLines.push(line) });
  const app = await createApp(config, databaseUrls(config), log);
  const origin = await app.listen();
  const anonymous = new GraphqlClient({ url: `${origin}/graphql`, beforeQuery: ownDatabase.replicated });
  return {
    app,
    database: ownDatabase,
    origin,
    anonymous,
    world: new World(app, anonymous),
    logLines,
    stop: async () => {
      await app.close();
      if (!database) await ownDatabase.drop();
    },
  };
}

/** Starts a worker in this process, on the databases of a test, or on those that the variables name instead. */
export async function startTestWorker(
  database: TestDatabase,
  variables: Record<string, string> = {},
): Promise<TestWorker> {
  const config = testConfig(database, variables);
  const logLines: string[] = [];
  const log = createLog({ level: "info", isPretty: false }, { write: (line: string) => void logLines.push(line) });
  const metrics = new Metrics();
  const worker = await createWorker(config, databaseUrls(config), metrics, log);
  return { logLines, metrics, stop: () => worker.stop() };
}

function databaseUrls({ database, audit }: Config): DatabaseUrls {
  return { url: database.url as string, replicaUrls: database.replicaUrls, auditUrl: audit.url as string };
}

export function testConfig(database: TestDatabase, variables: Record<string, string> = {}): Config {
  return readConfig({
    NODE_ENV: "test",
    DATABASE_URL: database.url,
    DATABASE_REPLICA_URLS: database.replicaUrls.join(","),
    AUDIT_DATABASE_URL: database.auditUrl,
    MAIL_URL: "file:",
    MAIL_FROM: "Seminars <seminars@example.org>",
    ...variables,
  });
}
