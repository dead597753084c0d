import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { StaffRole } from "../../../src/platform/auth/staff-role.ts";
import type { GraphqlClient } from "../../support/client.ts";
import { type HeldReplicas, startHeldReplicas } from "../../support/held-replicas.ts";
import { startTestServer, type TestServer } from "../../support/test-server.ts";
import type { Person } from "../../support/world.ts";
import { bulk, setStaffRole } from "../acts.ts";

describe("While the replica is behind", () => {
  let cluster: HeldReplicas;
  let server: TestServer;
  let neighbour: TestServer;
  let admin: Person;
  beforeAll(async () => {
    cluster = await startHeldReplicas(1);
    server = await startTestServer({ database: cluster.database });
    neighbour = await startTestServer({ database: cluster.database });
    admin = await server.world.person({ staffRole: StaffRole.ADMIN });
  }, 60_000);
  afterAll(async () => {
    await neighbour.stop();
    await server.stop();
    await cluster.database.drop();
  });

  /** The person's clients on both servers; they do not wait for the replica. */
  function clientsOf({ client }: Person): GraphqlClient[] {
    return [server, neighbour].map(({ origin }) =>
      client.with({ url: `${origin}/graphql`, beforeQuery: async () => {} }),
    );
  }

  /** What a client sees that only staff see, and where the answer came from. */
  async function look(client: GraphqlClient) {
    const list = await client.send("{ jobs(first: 1) { nodes { id } } }");
    const card = await client.send("query ($id: ID!) { user(id: $id) { username email } }", { id: admin.id });
    return {
      list: list.body.errors?.[0]?.extensions.code ?? "seen",
      email: card.body.data.user.email,
      servedBy: card.headers.get("served-by"),
    };
  }

  test("a role that was taken away is gone for queries at once, on every server", async () => {
    const person = await server.world.person({ staffRole: StaffRole.EDITOR });
    await cluster.whilePaused([1], async () => {
      const seen = { list: "seen", email: admin.email, servedBy: "replica-1" };
      expect(await Promise.all(clientsOf(person).map(look))).toEqual([seen, seen]);
      await setStaffRole(admin, person.id, null);
      const refused = { list: "FORBIDDEN", email: null, servedBy: "replica-1" };
      expect(await Promise.all(clientsOf(person).map(look))).toEqual([refused, refused]);
    });
  });

  test("a role that was given counts for staff fields at once, on every server", async () => {
    const person = await server.world.person();
    await cluster.whilePaused([1], async () => {
      await setStaffRole(admin, person.id, "VIEWER");
      const seen = await Promise.all(clientsOf(person).map(look));
      expect(seen.map(({ list }) => list)).toEqual(["seen", "seen"]);
    });
  });

  test("staff who were deactivated see nothing any more at once, on every server", async () => {
    const person = await server.world.person({ staffRole: StaffRole.VIEWER });
    await cluster.whilePaused([1], async () => {
      await bulk(admin, "setUsersActive", { userIds: [person.id], active: false });
      const seen = await Promise.all(clientsOf(person).map(look));
      expect(seen.map(({ list, email }) => [list, email])).toEqual(Array(2).fill(["UNAUTHENTICATED", null]));
    });
  });

  test("anybody who was deactivated is logged out for queries at once", async () => {
    const person = await server.world.person();
    await cluster.whilePaused([1], async () => {
      const [client] = clientsOf(person) as [GraphqlClient];
      expect((await client.data("{ viewer { id } }")).viewer).toEqual({ id: person.id });
      await bulk(admin, "setUsersActive", { userIds: [person.id], active: false });
      expect((await client.data("{ viewer { id } }")).viewer).toBeNull();
    });
  });
});
