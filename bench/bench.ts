import { randomBytes } from "node:crypto";
import { mkdir, rm } from "node:fs/promises";
import path from "node:path";
import type { EmbeddedCluster } from "../src/embedded-cluster/start-embedded-cluster.ts";
import type { Options } from "./options.ts";
import { administer, auditTemplate, removeCluster, startCluster, template } from "./processes/cluster.ts";
import { Database } from "./processes/database.ts";
import { type MailSink, startMailSink } from "./processes/mail-sink.ts";
import { type Program, startProgram } from "./processes/program.ts";

/** As `npm start` gives them. */
const startOptions = ["--max-semi-space-size=8"];

type Variables = Readonly<Record<string, string>>;

/**
 * What workloads are lent: databases, servers, references. All of it is theirs alone, and is taken back by `endLoans`
 * when a workload ends.
 */
export class Bench {
  /** What this run's session tokens are signed with. */
  readonly secret = randomBytes(32).toString("base64url");
  readonly #cluster: EmbeddedCluster;
  readonly #mail: MailSink;
  readonly #loans: (() => Promise<void>)[] = [];
  readonly #databases: Database[] = [];
  #lastNumber = 0;

  private constructor(
    readonly options: Options,
    /** Aborted when the bench has to stop. */
    readonly signal: AbortSignal,
    cluster: EmbeddedCluster,
    mail: MailSink,
  ) {
    this.#cluster = cluster;
    this.#mail = mail;
  }

  /** Starts a cluster, a mail server and nothing else. */
  static async open(options: Options, signal: AbortSignal): Promise<Bench> {
    const { dataDir, replicas } = options;
    const cluster = await startCluster(dataDir, replicas);
    try {
      await rm(path.join(dataDir, "logs"), { recursive: true, force: true });
      await mkdir(path.join(dataDir, "logs"));
      return new Bench(options, signal, cluster, await startMailSink());
    } catch (error) {
      await removeCluster(cluster, dataDir);
      throw error;
    }
  }

  /** A database with all migrations of this server and no rows. */
  async database(): Promise<Database> {
    const name = `bench_${++this.#lastNumber}`;
    await this.#admin(`create database ${name} template ${template}`);
    await this.#admin(`create database ${name}_audit template ${auditTemplate}`);
    return await this.#lend(name, `${name}_audit`);
  }

  /** A database with nothing in it, for a reference. */
  async emptyDatabase(): Promise<Database> {
    const name = `bench_${++this.#lastNumber}`;
    await this.#admin(`create database ${name}`);
    return await this.#lend(name);
  }

  /** This server as in production, without a worker, unless the variables say otherwise. */
  startServer(database: Database, variables: Variables = {}): Promise<Program> {
    return this.#start("server", [...startOptions, "dist/main.js"], "/health/ready", {
      ...this.#production(database),
      ...variables,
    });
  }

  /** A process of this server's that does jobs and nothing else. */
  startWorker(database: Database): Promise<Program> {
    return this.#start("worker", ["dist/worker.js"], null, this.#production(database));
  }

  /** A program of `bench/`, which gets the address of its database and the secret of the tokens. */
  startReference(name: string, database: Database, args: readonly string[] = []): Promise<Program> {
    const file = `dist/bench/bench/${name}/main.js`;
    const variables = { NODE_ENV: "production", DATABASE_URL: database.url, SESSION_SECRET: this.secret };
    return this.#start(name, [file, ...args], "/graphql?query=%7B__typename%7D", variables);
  }

  /** Registers what has to be done when the workload ends. */
  atEnd(work: () => Promise<void>): void {
    this.#loans.push(work);
  }

  /** Takes back everything that was lent, the last first. */
  async endLoans(): Promise<void> {
    for (let end = this.#loans.pop(); end; end = this.#loans.pop()) await end();
  }

  /** Lets what was written so far reach the disk and the replicas. */
  async settle(): Promise<void> {
    for (const database of this.#databases) await database.settle();
  }

  async close(): Promise<void> {
    try {
      await this.endLoans();
      await this.#mail.stop();
    } finally {
      await removeCluster(this.#cluster, this.options.dataDir);
    }
  }

  #production(database: Database): Variables {
    return {
      NODE_ENV: "production",
      DATABASE_URL: database.url,
      DATABASE_REPLICA_URLS: database.replicaUrls.join(","),
      AUDIT_DATABASE_URL: database.auditUrl,
      MAIL_URL: this.#mail.url,
      MAIL_FROM: "Seminars <seminars@example.org>",
      SESSION_SECRET: this.secret,
      WORKER: "separate",
      ...this.options.variables,
    };
  }

  async #start(
    name: string,
    args: readonly string[],
    readyPath: string | null,
    variables: Variables,
  ): Promise<Program> {
    const logFile = path.join(this.options.dataDir, "logs", `${name}-${++this.#lastNumber}.log`);
    const program = await startProgram({ args, variables, readyPath, logFile, signal: this.signal });
    this.atEnd(program.stop);
    return program;
  }

  async #lend(name: string, auditName = name): Promise<Database> {
    const { primary, replicas } = this.#cluster;
    const replicaUrls = replicas.map((replica) => replica.url(name));
    const database = new Database(primary.url(name), replicaUrls, primary.url(auditName));
    this.#databases.push(database);
    this.atEnd(async () => {
      this.#databases.splice(this.#databases.indexOf(database), 1);
      await database.close();
      for (const each of new Set([name, auditName])) await this.#admin(`drop database ${each} with (force)`);
    });
    return database;
  }

  async #admin(statement: string): Promise<void> {
    await administer(this.#cluster, (sql) => sql(statement));
  }
}
