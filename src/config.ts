import { isIP } from "node:net";
import path from "node:path";
import { config as loadEnvFiles } from "dotenv";
import { z } from "zod";

/** The root of the project: `src` and `dist` both lie one level below it. */
const projectRoot = path.resolve(import.meta.dirname, "..");

/** The secret that stands in the committed development and test files. Production refuses it. */
const developmentSecret = "development-secret-that-everybody-knows";

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

const flag = z.stringbool({ error: "expected true or false" });

function wholeNumber(min: number, max: number) {
  const error = `expected a whole number from ${min} to ${max}`;
  return z
    .string({ error })
    .regex(/^\d{1,9}$/, { error, abort: true })
    .transform(Number)
    .refine((number) => number >= min && number <= max, { error });
}

function oneOf<const T extends readonly [string, ...string[]]>(values: T) {
  return z.enum(values, { error: `expected one of ${values.join(", ")}` });
}

const postgresAddress = "postgres://user:password@host:port/database";

/**
 * The embedded cluster is there for both databases, so `embedded:` is for the audit database what it is for the primary.
 * Outside production it need not be said: it lies beside the primary's database, under its name with `_audit`.
 */
function auditUrl(isProduction: boolean, primaryUrl: string | undefined) {
  if (isProduction) return databaseUrl(true);
  const primary = isPostgresUrl(primaryUrl ?? "") ? URL.parse(primaryUrl ?? "") : null;
  if (!primary) return databaseUrl(false).default("embedded:");
  primary.pathname += "_audit";
  return databaseUrl(true).default(primary.toString());
}

function databaseUrl(isAddress: boolean) {
  const error = `expected the address of a PostgreSQL database: ${postgresAddress}`;
  if (isAddress) return z.string({ error }).refine(isPostgresUrl, { error });
  const orEmbedded = `${error}, or embedded: for a cluster of its own`;
  return z
    .string({ error: orEmbedded })
    .refine((text) => text === "embedded:" || isPostgresUrl(text), { error: orEmbedded });
}

const replicaUrls = z
  .string()
  .transform((text) =>
    text
      .split(",")
      .map((url) => url.trim())
      .filter(Boolean),
  )
  .refine((urls) => urls.every(isPostgresUrl), {
    error: `expected addresses of PostgreSQL databases (${postgresAddress}), separated by commas`,
  });

function mailUrl(isProduction: boolean) {
  const error = "expected smtp://user:password@host:port, smtps://..., or file: to keep each mail as a file";
  const url = z.string({ error }).refine(isMailUrl, { error });
  return isProduction ? url : url.default("file:");
}

function mailFrom(isProduction: boolean) {
  const error = "expected who mails are from: Name <address@domain>";
  const from = z.string({ error }).regex(/^(?:[^<>\p{Cc}]*<[^<>@\s]+@[^<>@\s]+>|[^<>@\s]+@[^<>@\s]+)$/u, { error });
  return isProduction ? from : from.default("Seminar <no-reply@example.com>");
}

const timeZone = z.string().refine(isTimeZone, {
  error: "expected a time zone of the IANA list, such as Asia/Seoul",
});

const proxies = z.string().refine((text) => text.split(",").every((proxy) => isProxy(proxy.trim())), {
  error: "expected addresses of proxies (10.0.0.1, 10.0.0.0/8, loopback, linklocal, uniquelocal), separated by commas",
});

function sessionSecret(isProduction: boolean) {
  const error = "expected a secret of 32 characters or more";
  const secret = z.string({ error }).min(32, { error });
  if (!isProduction) return secret;
  return secret.refine((text) => text !== developmentSecret, {
    error: "expected a secret of its own in production, not the development secret",
  });
}

function demoFlag(isProduction: boolean) {
  if (!isProduction) return flag;
  return flag.refine((isWanted) => !isWanted, {
    error: "expected false in production: demo accounts are for everybody",
  });
}

/** What each variable must look like; the demands of production are part of it, so that all faults come at once. */
function variablesSchema(name: string, primaryUrl?: string) {
  const isProduction = name === "production";
  return z.object({
    NODE_ENV: oneOf(environments),
    HOST: z.string().default("127.0.0.1"),
    PORT: wholeNumber(0, 65_535).default(4000),
    TRUST_PROXY: proxies.optional(),
    DATABASE_URL: databaseUrl(isProduction),
    DATABASE_REPLICA_URLS: replicaUrls.default([]),
    AUDIT_DATABASE_URL: auditUrl(isProduction, primaryUrl),
    DATABASE_POOL_SIZE: wholeNumber(1, 200).default(10),
    POOL_WAIT_MS: wholeNumber(10, 60_000).default(20_000),
    STATEMENT_TIMEOUT_MS: wholeNumber(10, 600_000).default(10_000),
    LOCK_TIMEOUT_MS: wholeNumber(10, 60_000).default(3_000),
    DATA_DIR: z.string().default(".data/development"),
    EMBEDDED_REPLICAS: wholeNumber(0, 8).default(1),
    SESSION_SECRET: sessionSecret(isProduction),
    SESSION_DAYS: wholeNumber(1, 365).default(14),
    TIMEZONE: timeZone.default("Asia/Seoul"),
    PARTICIPANT_ACCEPTANCE: oneOf(["automatic", "manual"]).default("automatic"),
    WORKER: oneOf(["inline", "separate"]).default("inline"),
    WORKER_CONCURRENCY: wholeNumber(1, 50).default(4),
    WORKER_DEAD_AFTER_MS: wholeNumber(500, 600_000).default(20_000),
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

function isPostgresUrl(text: string): boolean {
  const url = URL.parse(text);
  return url !== null && /^postgres(ql)?:$/.test(url.protocol) && url.pathname.length > 1;
}

function isMailUrl(text: string): boolean {
  const url = URL.parse(text);
  return text === "file:" || (url !== null && /^smtps?:$/.test(url.protocol) && url.hostname !== "");
}

/** By the names of the IANA list; an offset such as +09:00 is none. */
function isTimeZone(text: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: text });
    return /^[A-Za-z]/.test(text);
  } catch {
    return false;
  }
}

/** What Fastify's `trustProxy` takes: an address, a range, or the name of well-known ranges. */
function isProxy(text: string): boolean {
  if (["loopback", "linklocal", "uniquelocal"].includes(text)) return true;
  const [address = "", bits, ...rest] = text.split("/");
  if (!isIP(address) || rest.length > 0) return false;
  const maxBits = isIP(address) === 4 ? 32 : 128;
  return bits === undefined || (/^[1-9]\d{0,2}$/.test(bits) && Number(bits) <= maxBits);
}

function groupVariables(variables: z.infer<ReturnType<typeof variablesSchema>>, root: string) {
  const dataDir = path.resolve(root, variables.DATA_DIR);
  return {
    environment: variables.NODE_ENV,
    timeZone: variables.TIMEZONE,
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
      poolSize: variables.DATABASE_POOL_SIZE,
      poolWaitMs: variables.POOL_WAIT_MS,
      statementTimeoutMs: variables.STATEMENT_TIMEOUT_MS,
      lockTimeoutMs: variables.LOCK_TIMEOUT_MS,
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
    },
    mail: { url: variables.MAIL_URL, from: variables.MAIL_FROM, folder: path.join(dataDir, "mail") },
    sessions: { secret: variables.SESSION_SECRET, days: variables.SESSION_DAYS },
    accounts: { acceptParticipants: variables.PARTICIPANT_ACCEPTANCE === "automatic" },
    log: { level: variables.LOG_LEVEL },
    seedDemo: variables.SEED_DEMO,
  };
}
