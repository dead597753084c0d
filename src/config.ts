import path from "node:path";
import { config as loadEnvFiles } from "dotenv";
import { z } from "zod";
import {
  auditUrl,
  databaseUrl,
  demoFlag,
  flag,
  mailFrom,
  mailUrl,
  oneOf,
  proxies,
  replicaUrls,
  sessionSecret,
  timeZone,
  wholeNumber,
} from "./config-values.ts";

/** The root of the project: `src` and `dist` both lie one level below it. */
const projectRoot = path.resolve(import.meta.dirname, "..");

const environments = ["development", "test", "production"] as const;
export type Environment = (typeof environments)[number];

/** What the server was told by its environment, checked and grouped. Times are in milliseconds unless a name says otherwise. */
export type Config = ReturnType<typeof groupVariables>;

/** Every fault of the environment at once, one line each. Values are never part of it, since they may be secrets. */
export class ConfigError extends Error {
  constructor(readonly faults: readonly string[]) {
    super(`The server cannot start with these variables:\n${faults.map((fault) => `  - ${fault}`).join("\n")}`);
    this.name = "ConfigError";
  }
}

/**
 * Reads the configuration from the files of the environment that `NODE_ENV` names (`.env.<name>.local` wins over
 * `.env.<name>`) and from the variables that are set already, which win over both. One that is set to nothing has its
 * default, whatever the files say.
 * @throws {ConfigError} naming every variable that is missing or wrong.
 */
export function readConfig(variables: NodeJS.ProcessEnv = process.env, root: string = projectRoot): Config {
  const name = environmentName(variables);
  const merged: NodeJS.ProcessEnv = { ...variables };
  loadEnvFiles({
    path: [`.env.${name}.local`, `.env.${name}`].map((file) => path.join(root, file)),
    processEnv: merged as Record<string, string>,
    quiet: true,
  });
  const present = Object.fromEntries(Object.entries(merged).filter(([, value]) => value !== ""));
  const parsed = variablesSchema(name, present.DATABASE_URL).safeParse({ ...present, NODE_ENV: name });
  if (!parsed.success) {
    throw new ConfigError(parsed.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`).sort());
  }
  return groupVariables(parsed.data, root);
}

/** The name of the environment, for who must know it before the rest can be read. */
export function environmentName(variables: NodeJS.ProcessEnv = process.env): string {
  return variables.NODE_ENV || "development";
}

/** What each variable must look like; the demands of production are part of it, so that all faults come at once. */
function variablesSchema(name: string, primaryUrl?: string) {
  const isProduction = name === "production";
  return z.object({
    NODE_ENV: oneOf(environments),
    HOST: z.string().default("127.0.0.1"),
    PORT: wholeNumber(0, 65_535).default(4000),
    API_PROCESSES: wholeNumber(1, 64).default(1),
    TRUST_PROXY: proxies.optional(),
    DATABASE_URL: databaseUrl(isProduction),
    DATABASE_REPLICA_URLS: replicaUrls.default([]),
    AUDIT_DATABASE_URL: auditUrl(isProduction, primaryUrl),
    DATABASE_POOL_SIZE: wholeNumber(1, 200).default(10),
    STAFF_POOL_SIZE: wholeNumber(1, 200).default(3),
    POOL_WAIT_MS: wholeNumber(10, 60_000).default(20_000),
    POOL_QUEUE_LIMIT: wholeNumber(0, 1_000_000).default(10_000),
    STATEMENT_TIMEOUT_MS: wholeNumber(10, 600_000).default(10_000),
    STAFF_STATEMENT_TIMEOUT_MS: wholeNumber(10, 600_000).default(5_000),
    LOCK_TIMEOUT_MS: wholeNumber(10, 60_000).default(3_000),
    PREPARED_STATEMENTS: flag.default(true),
    REPLICA_WAIT_MS: wholeNumber(0, 10_000).default(50),
    REPLICA_MAX_LAG_MS: wholeNumber(100, 600_000).default(5_000),
    SHARED_READ_MS: wholeNumber(0, 60_000).default(100),
    DATA_DIR: z.string().default(".data/development"),
    EMBEDDED_REPLICAS: wholeNumber(0, 8).default(1),
    SESSION_SECRET: sessionSecret(isProduction),
    SESSION_DAYS: wholeNumber(1, 365).default(14),
    TIMEZONE: timeZone.default("Asia/Seoul"),
    PARTICIPANT_ACCEPTANCE: oneOf(["automatic", "manual"]).default("automatic"),
    WORKER: oneOf(["inline", "separate"]).default("inline"),
    WORKER_CONCURRENCY: wholeNumber(1, 50).default(4),
    WORKER_DEAD_AFTER_MS: wholeNumber(500, 600_000).default(20_000),
    WORKER_PORT: wholeNumber(0, 65_535).optional(),
    MAIL_URL: mailUrl(isProduction),
    MAIL_FROM: mailFrom(isProduction),
    EXPOSE_ROUTE: flag.default(false),
    SEED_DEMO: demoFlag(isProduction).default(false),
    LOG_LEVEL: oneOf(["fatal", "error", "warn", "info", "debug", "silent"]).default("info"),
    SHUTDOWN_TIMEOUT_MS: wholeNumber(100, 10_000).default(10_000),
  });
}

/** The names of all variables. */
export const variableNames = Object.keys(variablesSchema("development").shape);

function groupVariables(variables: z.infer<ReturnType<typeof variablesSchema>>, root: string) {
  const dataDir = path.resolve(root, variables.DATA_DIR);
  return {
    environment: variables.NODE_ENV,
    timeZone: variables.TIMEZONE,
    /** How many processes serve: one does everything by itself, several are children of one that serves nothing. */
    processes: variables.API_PROCESSES,
    http: {
      host: variables.HOST,
      port: variables.PORT,
      trustProxy: variables.TRUST_PROXY,
      /** How long what is in flight when the server stops may take to be answered. */
      drainTimeoutMs: variables.SHUTDOWN_TIMEOUT_MS,
      exposeRoute: variables.EXPOSE_ROUTE,
    },
    database: {
      /** `null` means the embedded cluster below. */
      url: variables.DATABASE_URL === "embedded:" ? null : variables.DATABASE_URL,
      replicaUrls: variables.DATABASE_REPLICA_URLS,
      /** Connections to each server, for mutations and for queries each. */
      poolSize: variables.DATABASE_POOL_SIZE,
      staffPoolSize: variables.STAFF_POOL_SIZE,
      poolWaitMs: variables.POOL_WAIT_MS,
      poolQueueLimit: variables.POOL_QUEUE_LIMIT,
      statementTimeoutMs: variables.STATEMENT_TIMEOUT_MS,
      staffStatementTimeoutMs: variables.STAFF_STATEMENT_TIMEOUT_MS,
      lockTimeoutMs: variables.LOCK_TIMEOUT_MS,
      preparesStatements: variables.PREPARED_STATEMENTS,
      replicaWaitMs: variables.REPLICA_WAIT_MS,
      replicaMaxLagMs: variables.REPLICA_MAX_LAG_MS,
      /** How long an answer that means the same to many is given again; 0: never. */
      sharedReadMs: variables.SHARED_READ_MS,
    },
    /** `null` means a database of the embedded cluster. */
    audit: { url: variables.AUDIT_DATABASE_URL === "embedded:" ? null : variables.AUDIT_DATABASE_URL },
    embedded: { dataDir, replicas: variables.EMBEDDED_REPLICAS },
    worker: {
      /** Whether the API server runs a worker of its own. */
      isInline: variables.WORKER === "inline",
      concurrency: variables.WORKER_CONCURRENCY,
      /** The jobs of a worker that was not heard of for this long are free again. */
      deadAfterMs: variables.WORKER_DEAD_AFTER_MS,
      /** Where a worker of its own tells of its health; `null` means nowhere. */
      port: variables.WORKER_PORT ?? null,
    },
    mail: { url: variables.MAIL_URL, from: variables.MAIL_FROM, folder: path.join(dataDir, "mail") },
    sessions: { secret: variables.SESSION_SECRET, days: variables.SESSION_DAYS },
    accounts: { acceptParticipants: variables.PARTICIPANT_ACCEPTANCE === "automatic" },
    log: { level: variables.LOG_LEVEL },
    seedDemo: variables.SEED_DEMO,
  };
}
