import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import pg from "pg";
import { openSession } from "../../../../src/accounts/sessions/open-session.ts";
import type { GraphqlClient } from "../../../support/client.ts";
import { type HeldReplicas, startHeldReplicas } from "../../../support/held-replicas.ts";
import { startTestServer, type TestServer } from "../../../support/test-server.ts";
import type { Person } from "../../../support/world.ts";

const detail = `query Detail($id: ID!) {
  seminar(id: $id) {
    name participantCount
    instructors { user { firstName } }
    participants { totalCount nodes { user { username } } }
  }
  seminars(first: 1) { nodes { name } totalCount }
}`;

describe("routing", () => {
  let cluster: HeldReplicas;
  let server: TestServer;
  let instructor: Person;
  beforeAll(async () => {
    cluster = await startHeldReplicas(2);
    server = await startTestServer({ database: cluster.database });
    instructor = await server.world.person({ instructor: true, firstName: "Old", lastName: "Name" });
  }, 60_000);
  afterAll(async () => {
    await server.stop();
    await cluster.database.drop();
  });

  /** A client that does not wait for the replicas. */
  function impatient(client: GraphqlClient): GraphqlClient {
    return client.with({ beforeQuery: undefined });
  }

  async function servedBy(client: GraphqlClient, query: string, variables?: object) {
    const { headers, body } = await impatient(client).send(query, variables);
    expect(body.errors).toBeUndefined();
    return { by: headers.get("served-by"), data: body.data };
  }

  /** The newest seminar, with one participant, and what `detail` shows of it now and after `change`. */
  async function seminarThatChanges(client: GraphqlClient) {
    const seminar = await server.world.seminar({ name: "Old name" });
    await server.database.sql(
      `insert into enrollments (id, seminar_id, user_id, role, status, led_status, joined_at)
       select gen_random_uuid(), $1, $2, 'INSTRUCTOR', 'ACTIVE', 'SCHEDULED', now()
       where not exists (select from enrollments where user_id = $2)`,
      [seminar.id, instructor.id],
    );
    await server.world.enroll(seminar, await server.world.person());
    await server.database.sql("update users set first_name = 'Old' where id = $1", [instructor.id]);
    await server.database.replicated();
    const before = (await servedBy(client, detail, { id: seminar.id })).data;
    const change = async () => {
      await server.database.sql("update seminars set name = 'New name' where id = $1", [seminar.id]);
      await server.database.sql("update users set first_name = 'New' where id = $1", [instructor.id]);
      await server.world.enroll(seminar, await server.world.person());
      await server.world.seminar({ name: "Newest" });
    };
    return { id: seminar.id, before, change };
  }

  describe("a query operation", () => {
    test("is answered by a replica alone, even when all that it asks for has changed on the primary", async () => {
      const person = await server.world.person();
      const { id, before, change } = await seminarThatChanges(person.client);
      await cluster.whilePaused([1, 2], async () => {
        await change();
        const { by, data } = await servedBy(person.client, detail, { id });
        expect(by).toMatch(/^replica-[12]$/);
        expect(data).toEqual(before);
      });
      const { data } = await servedBy(person.client, detail, { id });
      expect(data).toMatchObject({ seminar: { name: "New name" }, seminars: { nodes: [{ name: "Newest" }] } });
    });

    test("does without the primary: nobody notices when its tables are locked", async () => {
      const person = await server.world.person();
      const { id } = await server.world.seminar();
      // A lock of this kind would come to the replicas too.
      await cluster.whilePaused([1, 2], async () => {
        const locking = new pg.Client({ connectionString: server.database.url });
        await locking.connect();
        await locking.query("begin; lock table users, sessions, seminars, enrollments in access exclusive mode");
        for (const query of ["{ serverTime }", "{ viewer { email enrollments { totalCount } } }", detail]) {
          expect((await servedBy(person.client, query, { id })).by).toMatch(/^replica-/);
        }
        await locking.end();
      });
    });

    test("takes turns with the others at the replicas", async () => {
      const names: (string | null)[] = [];
      for (let turn = 0; turn < 4; turn++) names.push((await servedBy(server.anonymous, "{ serverTime }")).by);
      const [first, second] = names;
      expect([first, second].toSorted()).toEqual(["replica-1", "replica-2"]);
      expect(names).toEqual([first, second, first, second]);
    });

    test("stays at one replica from its first statement to its last", async () => {
      const person = await server.world.person();
      const { id, before, change } = await seminarThatChanges(person.client);
      await cluster.whilePaused([2], async () => {
        await change();
        await cluster.caughtUp([1]);
        const answers = await Promise.all(Array.from({ length: 8 }, () => servedBy(person.client, detail, { id })));
        const after = answers.find(({ by }) => by === "replica-1")?.data;
        expect(after).not.toEqual(before);
        for (const { by, data } of answers) expect(data).toEqual(by === "replica-2" ? before : after);
        expect(answers.filter(({ by }) => by === "replica-2")).toHaveLength(4);
      });
    });
  });

  describe("a mutation operation", () => {
    test("reads the primary, and so does every field below it", async () => {
      const person = await server.world.person();
      const { id, change } = await seminarThatChanges(person.client);
      await cluster.whilePaused([1, 2], async () => {
        await change();
        const { by, data } = await servedBy(
          person.client,
          `mutation ($id: ID!) { joinSeminar(input: { seminarId: $id }) { ... on JoinSeminarSuccess {
            seminar {
              name participantCount viewerEnrollment { status } joinEligibility
              instructors { user { username } }
              participants { totalCount nodes { user { username enrollments { totalCount } } } }
            }
            enrollment { user { username enrollments { nodes { status } } } seminar { name } }
          } } }`,
          { id },
        );
        expect(by).toBe("primary");
        const { seminar, enrollment } = data.joinSeminar;
        expect(seminar).toMatchObject({
          name: "New name",
          participantCount: 3,
          viewerEnrollment: { status: "ACTIVE" },
          joinEligibility: ["ALREADY_JOINED"],
          participants: { totalCount: 3 },
        });
        expect(seminar.participants.nodes[2].user).toEqual({
          username: person.username,
          enrollments: { totalCount: 1 },
        });
        expect(enrollment).toEqual({
          user: { username: person.username, enrollments: { nodes: [{ status: "ACTIVE" }] } },
          seminar: { name: "New name" },
        });
      });
    });

    test("knows a session that was opened just before", async () => {
      await cluster.whilePaused([1, 2], async () => {
        const person = await server.world.person({ instructor: true });
        const { data } = await servedBy(
          person.client,
          `mutation { createSeminar(input: { name: "Mine", capacity: 1, sessionCount: 1, time: "10:00" }) {
            ... on CreateSeminarSuccess { seminar { instructors { user { username } } } }
          } }`,
        );
        expect(data.createSeminar.seminar.instructors).toEqual([{ user: { username: person.username } }]);
      });
    });
  });

  describe("a session that the replicas have not heard of", () => {
    test("is served by the primary for the whole operation, and by a replica as soon as that has it", async () => {
      const viewer =
        "{ viewer { username enrollments { nodes { seminar { name } } } } seminars(first: 1) { nodes { name } } }";
      let client = server.anonymous;
      await cluster.whilePaused([1, 2], async () => {
        const input = {
          username: "newcomer",
          email: "newcomer@example.com",
          password: "correct horse",
          participant: {},
        };
        const { data } = await servedBy(
          client,
          "mutation ($input: SignUpInput!) { signUp(input: $input) { ... on SignUpSuccess { session { token } } } }",
          { input },
        );
        client = client.with({ token: data.signUp.session.token });
        const seminar = await server.world.seminar({ name: "Fresh" });
        await servedBy(client, "mutation ($id: ID!) { joinSeminar(input: { seminarId: $id }) { __typename } }", {
          id: seminar.id,
        });
        expect(await servedBy(client, viewer)).toEqual({
          by: "primary",
          data: {
            viewer: { username: "newcomer", enrollments: { nodes: [{ seminar: { name: "Fresh" } }] } },
            seminars: { nodes: [{ name: "Fresh" }] },
          },
        });
      });
      const later = await servedBy(client, viewer);
      expect(later.by).toMatch(/^replica-/);
      expect(later.data.viewer.username).toBe("newcomer");
    });

    test("is anonymous when the primary has not heard of it either", async () => {
      const person = await server.world.person();
      const em = server.app.orm.em.fork();
      // Signed, but never stored.
      const { token } = await openSession({ services: server.app.services } as never, em, person as never);
      const { by, data } = await servedBy(server.anonymous.with({ token }), "{ viewer { id } }");
      expect(data).toEqual({ viewer: null });
      expect(by).toBe("primary");
    });

    test("does not exist for a token that somebody else signed, which no server is asked about", async () => {
      const { by, data } = await servedBy(server.anonymous.with({ token: "a.b.c" }), "{ viewer { id } }");
      expect(data).toEqual({ viewer: null });
      expect(by).toMatch(/^replica-/);
    });
  });

  test("without replicas, queries read the primary", async () => {
    const alone = await startTestServer({ database: { ...cluster.database, replicaUrls: [] } });
    try {
      const person = await alone.world.person();
      const { by, data } = await servedBy(person.client, "{ viewer { username } }");
      expect(by).toBe("primary");
      expect(data.viewer.username).toBe(person.username);
    } finally {
      await alone.stop();
    }
  });
});
