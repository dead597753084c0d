import { expect, test } from "@jest/globals";
import pg from "pg";
import { createTestDatabase } from "../../../support/database.ts";
import { brokenInvariants } from "../../../support/invariants.ts";
import { findPgBouncer, startPgBouncer } from "../../../support/pgbouncer.ts";
import { queueIsDone } from "../../../support/queue.ts";
import { startTestServer, startTestWorker } from "../../../support/test-server.ts";

const join = "mutation ($id: ID!) { joinSeminar(input: { seminarId: $id }) { __typename } }";
const mine = "{ viewer { enrollments { totalCount } } }";
const signUp = `mutation ($input: SignUpInput!) { signUp(input: $input) { __typename } }`;
const logIn = `mutation ($username: String!) {
  logIn(input: { login: $username, password: "correct horse" }) { ... on LogInSuccess { session { token } } }
}`;

const program = findPgBouncer();

(program ? test : test.skip)(
  `behind PgBouncer in transaction mode everything holds that is said of limits, tokens and seats${
    program ? "" : " (skipped: there is no pgbouncer on this machine)"
  }`,
  async () => {
    const database = await createTestDatabase();
    const bouncer = await startPgBouncer(
      program as string,
      [database.url, ...database.replicaUrls, database.auditUrl],
      3,
    );
    const [url = "", replicaUrl = "", auditUrl = ""] = bouncer.urls;
    const variables = {
      DATABASE_URL: url,
      DATABASE_REPLICA_URLS: replicaUrl,
      AUDIT_DATABASE_URL: auditUrl,
      LOCK_TIMEOUT_MS: "2000",
      PREPARED_STATEMENTS: "false",
    };
    const server = await startTestServer({ database, variables });
    // The worker listens for notifications, which needs a session of its own.
    const worker = await startTestWorker(database);
    try {
      const seminars = await Promise.all(Array.from({ length: 4 }, () => server.world.seminar({ capacity: 10 })));
      const people = await server.world.people(20);
      await database.replicated();
      const stale: string[] = [];
      await Promise.all(
        people.map(async ({ client, username }) => {
          const impatient = client.with({ beforeQuery: undefined });
          let seats = 0;
          for (const { id } of seminars) {
            const { body, headers } = await impatient.send(join, { id });
            expect(body.errors).toBeUndefined();
            if (body.data.joinSeminar.__typename === "JoinSeminarSuccess") seats++;
            const token = headers.get("consistency-token") as string;
            const read = await impatient.with({ headers: { "consistency-token": token } }).send(mine);
            if (read.body.data.viewer.enrollments.totalCount !== seats) stale.push(username);
          }
        }),
      );
      expect(stale).toEqual([]);
      expect(await brokenInvariants(database)).toEqual({});
      expect(await database.sql("select distinct participant_count from seminars")).toEqual([
        { participant_count: 10 },
      ]);

      await limitsHold();
      await rateLimitsWork();
      await queueIsDone(database);
    } finally {
      await server.stop();
      await worker.stop();
      await bouncer.stop();
      await database.drop();
    }

    async function limitsHold(): Promise<void> {
      const held = await server.world.seminar();
      const holder = new pg.Client({ connectionString: database.url });
      await holder.connect();
      await holder.query("begin");
      await holder.query("select from seminars where id = $1 for update", [held.id]);
      const person = await server.world.person();
      expect(await person.client.errorCode(join, { id: held.id })).toBe("OVERLOADED");
      await holder.end();
      expect((await person.client.data(join, { id: held.id })).joinSeminar.__typename).toBe("JoinSeminarSuccess");
    }

    async function rateLimitsWork(): Promise<void> {
      for (const username of ["one", "two", "three"]) {
        const email = `${username}@example.com`;
        const input = { username, email, password: "correct horse", participant: {} };
        expect((await server.anonymous.data(signUp, { input })).signUp.__typename).toBe("SignUpSuccess");
        expect((await server.anonymous.data(logIn, { username })).logIn.session.token).toBeTruthy();
      }
    }
  },
  120_000,
);
