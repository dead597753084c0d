import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { ConfigError, readConfig, variableNames } from "../src/config.ts";

const secret = "a secret of the test that is long enough";
const production = {
  NODE_ENV: "production",
  DATABASE_URL: "postgres://u:p@db/seminar",
  AUDIT_DATABASE_URL: "postgres://u:p@audit/seminar_audit",
  MAIL_URL: "smtps://u:p@mail",
  MAIL_FROM: "Seminars <seminars@example.org>",
  SESSION_SECRET: secret,
};
const development = { DATABASE_URL: "embedded:", SESSION_SECRET: secret };

/** The faults of these variables, without any file beside them, by the name of the variable. */
function faultsOf(variables: Record<string, string>, root = "/nowhere"): Record<string, string> {
  try {
    readConfig(variables, root);
    return {};
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return Object.fromEntries(error.faults.map((fault) => fault.split(/: (.*)/s).slice(0, 2)));
  }
}

describe("a faulty environment", () => {
  test("is told whole: every variable at once, each with what is expected", () => {
    const faults = faultsOf({
      NODE_ENV: "staging",
      PORT: "70000",
      DATABASE_URL: "mysql://db/seminar",
      DATABASE_REPLICA_URLS: "postgres://db/seminar,localhost",
      SESSION_SECRET: "too short",
      TIMEZONE: "Mars/Olympus",
      SEED_DEMO: "perhaps",
      LOG_LEVEL: "loud",
      TRUST_PROXY: "everybody",
      AUDIT_DATABASE_URL: "mysql://db/audit",
      WORKER: "elsewhere",
      WORKER_CONCURRENCY: "0",
      MAIL_URL: "http://mail",
      MAIL_FROM: "nobody",
    });
    expect(faults).toEqual({
      NODE_ENV: "expected one of development, test, production",
      PORT: "expected a whole number from 0 to 65535",
      DATABASE_URL: expect.stringMatching(/^expected the address of a PostgreSQL database: .*, or embedded:/),
      DATABASE_REPLICA_URLS: expect.stringMatching(/^expected addresses of PostgreSQL databases .*separated by commas/),
      SESSION_SECRET: "expected a secret of 32 characters or more",
      TIMEZONE: expect.stringMatching(/^expected a time zone/),
      SEED_DEMO: "expected true or false",
      LOG_LEVEL: expect.stringMatching(/^expected one of fatal, error/),
      TRUST_PROXY: expect.stringMatching(/^expected addresses of proxies/),
      AUDIT_DATABASE_URL: expect.stringMatching(/^expected the address of a PostgreSQL database: .*, or embedded:/),
      WORKER: "expected one of inline, separate",
      WORKER_CONCURRENCY: "expected a whole number from 1 to 50",
      MAIL_URL: expect.stringMatching(/^expected smtp:/),
      MAIL_FROM: expect.stringMatching(/^expected who mails are from/),
    });
  });

  test("in production is told whole too, with what production alone refuses", () => {
    const faults = faultsOf({
      NODE_ENV: "production",
      PORT: "http",
      DATABASE_URL: "embedded:",
      SESSION_SECRET: "development-secret-that-everybody-knows",
      SEED_DEMO: "true",
    });
    expect(faults).toEqual({
      PORT: "expected a whole number from 0 to 65535",
      DATABASE_URL: expect.not.stringContaining("embedded"),
      AUDIT_DATABASE_URL: expect.not.stringContaining("embedded"),
      MAIL_URL: expect.stringMatching(/^expected smtp:/),
      MAIL_FROM: expect.stringMatching(/^expected who mails are from/),
      SESSION_SECRET: expect.stringContaining("not the development secret"),
      SEED_DEMO: expect.stringContaining("expected false in production"),
    });
  });

  test("never shows a value", () => {
    const value = "v4lue-th4t-is-s3cret";
    const everything = Object.fromEntries(variableNames.map((name) => [name, `${value}\u0000`]));
    for (const NODE_ENV of ["development", "production", value]) {
      const read = () => readConfig({ ...everything, NODE_ENV }, "/nowhere");
      expect(read).toThrow(ConfigError);
      expect(read).not.toThrow(value);
    }
  });

  test("misses what has no default", () => {
    expect(Object.keys(faultsOf({}))).toEqual(["DATABASE_URL", "SESSION_SECRET"]);
    expect(Object.keys(faultsOf({ NODE_ENV: "production" }))).toEqual([
      ...["AUDIT_DATABASE_URL", "DATABASE_URL", "MAIL_FROM", "MAIL_URL", "SESSION_SECRET"],
    ]);
  });

  test("has no embedded audit database where the primary is not embedded", () => {
    const variables = {
      DATABASE_URL: production.DATABASE_URL,
      SESSION_SECRET: secret,
      AUDIT_DATABASE_URL: "embedded:",
    };
    expect(faultsOf(variables)).toEqual({ AUDIT_DATABASE_URL: expect.not.stringContaining("embedded") });
  });

  test("looks for the audit database beside the primary's, unless told otherwise", () => {
    const { audit } = readConfig({
      DATABASE_URL: "postgres://me:pw@db.example.com:5432/seminar",
      SESSION_SECRET: secret,
    });
    expect(audit.url).toBe("postgres://me:pw@db.example.com:5432/seminar_audit");
  });

  test.each([
    ["PORT", ["-1", "65536", "1.5", "0x10", "1e3", "4000 ", "99999999999"]],
    ["WORKER_PORT", ["-1", "65536", "none"]],
    ["API_PROCESSES", ["0", "65", "1.5", "max"]],
    ["SESSION_DAYS", ["0", "366"]],
    ["EMBEDDED_REPLICAS", ["-1", "9"]],
    ["DATABASE_URL", ["embedded", "postgres://db", "postgres://db/", "http://db/seminar", "seminar"]],
    ["AUDIT_DATABASE_URL", ["embedded", "postgres://db", "seminar_audit"]],
    ["WORKER_CONCURRENCY", ["0", "51"]],
    ["MAIL_URL", ["file", "file:///tmp", "smtp:", "smtp://", "mail.example.org"]],
    ["MAIL_FROM", ["Seminars", "<a@b> <c@d>", "a@b\nBcc: c@d", "Seminars <a@b"]],
    ["TIMEZONE", ["+09:00", "Asia", "asia seoul"]],
    ["TRUST_PROXY", ["10.0.0.0/33", "10.0.0.0/0", "10.0.0", "1.1.1.1/8/8", "loopback;"]],
  ])("is one in which %s is one of %j", (name, values) => {
    for (const value of values) {
      expect({ value, faults: Object.keys(faultsOf({ ...development, [name]: value })) }).toEqual({
        value,
        faults: [name],
      });
    }
  });
});

describe("a sound environment", () => {
  test("needs addresses, a sender of mails and a secret in production", () => {
    const config = readConfig(production, "/nowhere");
    expect(config).toMatchObject({
      environment: "production",
      database: { url: production.DATABASE_URL, replicaUrls: [] },
      audit: { url: production.AUDIT_DATABASE_URL },
      worker: { isInline: true, concurrency: 4 },
      mail: { url: production.MAIL_URL, from: production.MAIL_FROM },
      seedDemo: false,
      http: { port: 4000, exposeRoute: false },
    });
  });

  test("may take any free port", () => {
    expect(readConfig({ ...development, PORT: "0" }, "/nowhere").http.port).toBe(0);
  });

  test("may have several replicas, with spaces between them", () => {
    const variables = { ...production, DATABASE_REPLICA_URLS: "postgres://a/x , postgresql://u:p@b:5433/x," };
    expect(readConfig(variables, "/nowhere").database.replicaUrls).toEqual([
      "postgres://a/x",
      "postgresql://u:p@b:5433/x",
    ]);
  });

  test("knows the embedded cluster by its name, and its folder from the root of the project", () => {
    const config = readConfig({ ...development, DATA_DIR: "data/x", EMBEDDED_REPLICAS: "2" }, "/project");
    expect(config).toMatchObject({
      environment: "development",
      database: { url: null },
      audit: { url: null },
      mail: { url: "file:", folder: "/project/data/x/mail" },
      embedded: { dataDir: "/project/data/x", replicas: 2 },
    });
  });

  test.each(["UTC", "Asia/Seoul", "Asia/Calcutta", "America/Argentina/Buenos_Aires"])(
    "may be in the zone %s",
    (zone) => {
      expect(readConfig({ ...development, TIMEZONE: zone }, "/nowhere").timeZone).toBe(zone);
    },
  );

  test.each(["loopback", "10.0.0.1", "10.0.0.0/8, uniquelocal", "::1,fc00::/7"])(
    "may trust the proxies %s",
    (proxies) => {
      expect(readConfig({ ...development, TRUST_PROXY: proxies }, "/nowhere").http.trustProxy).toBe(proxies);
    },
  );
});

describe("the files of an environment", () => {
  let root: string;
  beforeEach(async () => {
    root = await mkdtemp(path.join(tmpdir(), "config-"));
    await writeFile(path.join(root, ".env.development"), "DATABASE_URL=embedded:\nPORT=1\nHOST=file\nTIMEZONE=UTC\n");
    await writeFile(path.join(root, ".env.development.local"), `SESSION_SECRET=${secret}\nPORT=2\nHOST=local\n`);
    await writeFile(path.join(root, ".env.production"), "PORT=3\n");
  });
  afterEach(() => rm(root, { recursive: true }));

  test("yield to the local file, and both to a variable that is set", () => {
    expect(readConfig({ PORT: "4" }, root)).toMatchObject({
      http: { port: 4, host: "local" },
      timeZone: "UTC",
      sessions: { secret },
    });
  });

  test("are those of NODE_ENV, and of no other environment", () => {
    expect(readConfig(production, root)).toMatchObject({
      http: { port: 3, host: "127.0.0.1" },
      timeZone: "Asia/Seoul",
    });
  });

  test("count no more for a variable that is set to nothing: it has its default, or is missing", () => {
    expect(readConfig({ TIMEZONE: "", PORT: "" }, root)).toMatchObject({
      http: { port: 4000 },
      timeZone: "Asia/Seoul",
    });
    expect(Object.keys(faultsOf({ DATABASE_URL: "" }, root))).toEqual(["DATABASE_URL"]);
  });

  test("mean development when NODE_ENV is set to nothing", () => {
    expect(readConfig({ NODE_ENV: "" }, root).environment).toBe("development");
  });

  test("leave the variables that they are read with as they are", () => {
    const variables = { PORT: "4" };
    readConfig(variables, root);
    expect(variables).toEqual({ PORT: "4" });
  });
});

test("one process does everything unless more are to serve", () => {
  expect(readConfig(development, "/nowhere").processes).toBe(1);
  expect(readConfig({ ...development, API_PROCESSES: "64" }, "/nowhere").processes).toBe(64);
});

test("a worker has no port unless it is told one", () => {
  expect(readConfig(development, "/nowhere").worker.port).toBeNull();
  expect(readConfig({ ...development, WORKER_PORT: "0" }, "/nowhere").worker.port).toBe(0);
});

describe("the committed files", () => {
  const root = path.resolve(import.meta.dirname, "..");
  const textOf = (name: string) => readFile(path.join(root, `.env.${name}`), "utf8");

  test.each(["development", "test", "production"])(".env.%s sets only variables that there are", async (name) => {
    const set = (await textOf(name)).match(/^[A-Z_]+(?==)/gm) ?? [];
    expect(set.filter((variable) => !variableNames.includes(variable))).toEqual([]);
  });

  test("tell of every variable", async () => {
    const text = await textOf("production");
    const untold = variableNames.filter((name) => name !== "NODE_ENV" && !new RegExp(`\\b${name}\\b`).test(text));
    expect(untold).toEqual([]);
  });

  test("are enough to start with: a secret and an address in production, nothing in development", () => {
    expect(faultsOf({}, root)).toEqual({});
    expect(faultsOf({ NODE_ENV: "test" }, root)).toEqual({});
    expect(faultsOf(production, root)).toEqual({});
  });
});
