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
    super(`The configuration has ${faults.length} fault(s):\n${faults.map((fault) => `  - ${fault}`).join("\n")}`);
    this.name = "ConfigError";
  }
}

/**
 * Reads the configuration from the files of the environment that `NODE_ENV` names (`.env.<name>.local` wins over
 * `.env.<name>`) and from the variables that are set already, which win over both.
 * @throws {ConfigError} naming every variable that is missing or wrong.
 */
export function readConfig(variables: NodeJS.ProcessEnv = process.env): Config {
  const name = variables.NODE_ENV || "development";
  const merged: NodeJS.ProcessEnv = { ...variables };
  loadEnvFiles({
    path: [`.env.${name}.local`, `.env.${name}`].map((file) => path.join(projectRoot, file)),
    processEnv: merged as Record<string, string>,
    quiet: true,
  });
  const present = Object.fromEntries(Object.entries(merged).filter(([, value]) => value !== ""));
  const parsed = variablesSchema.safeParse({ ...present, NODE_ENV: name });
  if (!parsed.success) {
    throw new ConfigError(parsed.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`).sort());
  }
  return groupVariables(parsed.data);
}

const flag = z.stringbool({ error: "expected true or false" });

function wholeNumber(min: number, max: number) {
  const error = `expected a whole number from ${min} to ${max}`;
  return z.coerce.number({ error }).int({ error }).min(min, { error }).max(max, { error });
}

function oneOf<const T extends readonly [string, ...string[]]>(values: T) {
  return z.enum(values, { error: `expected one of ${values.join(", ")}` });
}

const databaseUrl = z
  .string({ error: "expected a PostgreSQL address: postgres://user:password@host:port/database, or embedded:" })
  .refine((text) => text === "embedded:" || isPostgresUrl(text), {
    error: "expected a PostgreSQL address: postgres://user:password@host:port/database, or embedded:",
  });

const replicaUrls = z
  .string()
  .transform((text) =>
    text
      .split(",")
      .map((url) => url.trim())
      .filter(Boolean),
  )
  .refine((urls) => urls.every(isPostgresUrl), {
    error: "expected PostgreSQL addresses (postgres://...), separated by commas",
  });

const timeZone = z.string().refine((text) => Intl.supportedValuesOf("timeZone").includes(text) || text === "UTC", {
  error: "expected a time zone of the IANA list, such as Asia/Seoul",
});

const variablesSchema = z
  .object({
    NODE_ENV: oneOf(environments),
    HOST: z.string().default("127.0.0.1"),
    PORT: wholeNumber(0, 65_535).default(4000),
    TRUST_PROXY: z.string().optional(),
    DATABASE_URL: databaseUrl,
    DATABASE_REPLICA_URLS: replicaUrls.default([]),
    DATABASE_POOL_SIZE: wholeNumber(1, 200).default(10),
    POOL_WAIT_MS: wholeNumber(10, 60_000).default(5_000),
    STATEMENT_TIMEOUT_MS: wholeNumber(10, 600_000).default(10_000),
    LOCK_TIMEOUT_MS: wholeNumber(10, 60_000).default(3_000),
    DATA_DIR: z.string().default(".data/development"),
    EMBEDDED_REPLICAS: wholeNumber(0, 8).default(1),
    SESSION_SECRET: z
      .string({ error: "expected a secret of 32 characters or more" })
      .min(32, { error: "expected a secret of 32 characters or more" }),
    SESSION_DAYS: wholeNumber(1, 365).default(14),
    TIMEZONE: timeZone.default("Asia/Seoul"),
    PARTICIPANT_ACCEPTANCE: oneOf(["automatic", "manual"]).default("automatic"),
    EXPOSE_ROUTE: flag.default(false),
    SEED_DEMO: flag.default(false),
    LOG_LEVEL: oneOf(["fatal", "error", "warn", "info", "debug", "silent"]).default("info"),
    SHUTDOWN_TIMEOUT_MS: wholeNumber(100, 60_000).default(10_000),
  })
  .superRefine((variables, context) => {
    if (variables.NODE_ENV !== "production") return;
    const refuse = (name: keyof typeof variables, message: string) =>
      context.addIssue({ code: "custom", path: [name], message });
    if (variables.SESSION_SECRET === developmentSecret) {
      refuse("SESSION_SECRET", "is the development secret; production needs one of its own");
    }
    if (variables.DATABASE_URL === "embedded:") {
      refuse("DATABASE_URL", "expected the address of a PostgreSQL server: the embedded cluster is for development");
    }
    if (variables.SEED_DEMO) refuse("SEED_DEMO", "demo data is for development only");
  });

function isPostgresUrl(text: string): boolean {
  const url = URL.parse(text);
  return url !== null && /^postgres(ql)?:$/.test(url.protocol) && url.pathname.length > 1;
}

function groupVariables(variables: z.infer<typeof variablesSchema>) {
  return {
    environment: variables.NODE_ENV,
    projectRoot,
    timeZone: variables.TIMEZONE,
    http: {
      host: variables.HOST,
      port: variables.PORT,
      trustProxy: variables.TRUST_PROXY,
      shutdownTimeoutMs: variables.SHUTDOWN_TIMEOUT_MS,
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
    embedded: {
      dataDir: path.resolve(projectRoot, variables.DATA_DIR),
      replicas: variables.EMBEDDED_REPLICAS,
    },
    sessions: { secret: variables.SESSION_SECRET, days: variables.SESSION_DAYS },
    accounts: { acceptParticipants: variables.PARTICIPANT_ACCEPTANCE === "automatic" },
    log: { level: variables.LOG_LEVEL },
    seedDemo: variables.SEED_DEMO,
  };
}
