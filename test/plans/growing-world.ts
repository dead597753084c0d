import type pg from "pg";
import { inBulk } from "../../bench/data/in-bulk.ts";
import { recentlyEndedSessions } from "../../src/accounts/sessions/end-sessions.ts";
import { openSession } from "../../src/accounts/sessions/open-session.ts";
import { User } from "../../src/accounts/users/user.entity.ts";
import { holdLine } from "../enrollment/joining/held-line.ts";
import type { GraphqlClient } from "../support/client.ts";
import { until } from "../support/queue.ts";
import type { TestServer } from "../support/test-server.ts";
import type { Person } from "../support/world.ts";
import { captureStatements, type Statement } from "./captured-statements.ts";
import { crowds, keepStatistics, moreSeminars } from "./growing-data.ts";
import { planClient } from "./plans.ts";

const seminarsAtFirst = 100;
const seminarsLater = 4_000;
/** How many ask together at most. */
export const groupSize = 100;

/** A database that grows, while what is looked at in it stays as it was. */
export class GrowingWorld {
  /** The newest seminars, which are on the page. */
  newestIds: string[] = [];
  /** One of them, with 50 people. */
  seminarId = "";
  /** An old one with 10,000 people more, as soon as there are so many. */
  crowdedId = "";
  /** Somebody in the seminar and in nine others. */
  member!: GraphqlClient;
  memberId = "";
  /** The last one of twenty who wait for another seminar. */
  waiter!: GraphqlClient;
  instructor!: GraphqlClient;
  /** People who are in no seminar. */
  strangers: Person[] = [];
  readonly postgres: pg.Client;
  readonly #server: TestServer;

  constructor(server: TestServer) {
    this.#server = server;
    this.postgres = planClient(server.database.url);
  }

  get url(): string {
    return this.#server.database.url;
  }

  /** 5,000 enrollments. When PostgreSQL analyzes them nobody waits, as before registration opens; then some do. */
  async begin(): Promise<void> {
    await this.postgres.connect();
    await keepStatistics(this.postgres);
    await this.#write(moreSeminars(seminarsAtFirst));
    this.strangers = await this.#server.world.people(groupSize);
    await this.postgres.query("vacuum analyze");
    this.newestIds = await this.ids("select id from seminars order by id desc limit 20");
    this.seminarId = this.newestIds[0] as string;
    await this.#write(crowds(5, 5, { seats: 0, waiting: 20 }));
    this.memberId = await this.#oneWith("seminar_id = $1 and role = 'PARTICIPANT'", [this.seminarId]);
    this.member = await this.#clientOf(this.memberId);
    this.waiter = await this.#clientOf(await this.#oneWith("status = 'WAITLISTED'"));
    this.instructor = await this.#clientOf(
      await this.#oneWith("seminar_id = $1 and role = 'INSTRUCTOR'", [this.seminarId]),
    );
    await this.postgres.query("vacuum");
  }

  /** Forty times as many, with 20,000 people on waiting lists, of which PostgreSQL knows nothing yet. */
  async grow(): Promise<void> {
    await this.#write([
      ...moreSeminars(seminarsLater),
      ...crowds(0, 0, { seats: 10_000, waiting: 0 }),
      ...crowds(1, 400, { seats: 0, waiting: 49 }),
    ]);
    [this.crowdedId = ""] = await this.ids("select id from seminars order by participant_count desc limit 1");
    await this.postgres.query("vacuum");
  }

  async ids(statement: string, values: unknown[] = []): Promise<string[]> {
    return (await this.postgres.query<{ id: string }>(statement, values)).rows.map(({ id }) => id);
  }

  /** What the server sends for a query. */
  async query(client: GraphqlClient, document: string, variables: object = {}): Promise<Statement[]> {
    await this.#server.database.replicated();
    return await captureStatements(() => client.data(document, variables));
  }

  /** What the server asks again and again, to know which sessions have ended. */
  async watchOfSessions(): Promise<Statement[]> {
    const em = this.#server.app.orm.em.fork();
    const statements = await captureStatements(
      () => recentlyEndedSessions(em),
      (text) => text.includes("ended_at >"),
    );
    return statements.slice(0, 1);
  }

  /** What the server sends for a join, which is taken back. */
  async join(seminarId: string): Promise<Statement[]> {
    const [{ client }] = this.strangers as [Person];
    const statements = await captureStatements(() => client.data(joinDocument, { seminarId }));
    await this.#removeStrangers();
    return statements;
  }

  /** What the server sends for a drop of the member's, which is taken back. */
  async drop(seminarId: string): Promise<Statement[]> {
    const statements = await captureStatements(() => this.member.data(dropDocument, { seminarId }));
    await this.postgres.query(
      "update enrollments set status = 'ACTIVE', dropped_at = null where user_id = $1 and status = 'DROPPED'",
      [this.memberId],
    );
    await this.#emptyQueue();
    return statements;
  }

  /** What the server sends for 100 joins that share a transaction. */
  async groupOfJoins(): Promise<Statement[]> {
    const [, seminarId = ""] = this.newestIds;
    const statements = await captureStatements(async () => {
      const line = await holdLine(this.#server, { id: seminarId });
      const joins = this.strangers.map(({ client }) => client.data(joinDocument, { seminarId }));
      await until(async () => this.#server.app.services.batched.waiting === groupSize);
      await line.letGo();
      await Promise.all(joins);
    });
    await this.#removeStrangers();
    const begins = statements.map(({ text }) => /^(begin|start)/i.test(text));
    const ends = statements.map(({ text }) => /^commit/i.test(text));
    return statements.slice(begins.lastIndexOf(true), ends.lastIndexOf(true));
  }

  /** The statement of those that were sent which has this text in it, as it is sent when 100 people ask together. */
  ofGroup(statements: readonly Statement[], part: string, values: unknown[][]): Statement[] {
    const statement = statements.find(({ text }) => text.includes(part));
    if (!statement) throw new Error(`Nothing that was sent has "${part}" in it.`);
    return [{ text: statement.text, values }];
  }

  async end(): Promise<void> {
    await this.postgres.end();
  }

  async #write(statements: readonly string[]): Promise<void> {
    const sql = (statement: string) => this.postgres.query(statement);
    await inBulk(sql, async () => {
      for (const statement of statements) await sql(statement);
    });
  }

  async #removeStrangers(): Promise<void> {
    const ids = this.strangers.map(({ id }) => id);
    await this.postgres.query("delete from enrollments where user_id = any($1)", [ids]);
    await this.#emptyQueue();
  }

  async #emptyQueue(): Promise<void> {
    await this.postgres.query("truncate graphile_worker._private_jobs");
  }

  async #oneWith(condition: string, values: unknown[] = []): Promise<string> {
    const [id] = await this.ids(
      `select user_id as id from enrollments where ${condition} order by sequence desc limit 1`,
      values,
    );
    return id as string;
  }

  async #clientOf(userId: string): Promise<GraphqlClient> {
    const em = this.#server.app.orm.em.fork();
    const user = await em.findOneOrFail(User, { id: userId });
    const { token } = await openSession({ services: this.#server.app.services } as never, em, user);
    await em.flush();
    return this.#server.anonymous.with({ token, beforeQuery: undefined });
  }
}

const joinDocument = `mutation ($seminarId: ID!) { joinSeminar(input: { seminarId: $seminarId }) {
  ... on JoinSeminarSuccess { enrollment { status } seminar { participantCount } }
  ... on JoinSeminarRefusal { code }
} }`;

const dropDocument = `mutation ($seminarId: ID!) { dropSeminar(input: { seminarId: $seminarId }) {
  ... on DropSeminarSuccess { enrollment { status } seminar { participantCount } }
  ... on DropSeminarRefusal { code }
} }`;
