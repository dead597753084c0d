import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { Seminar } from "../../../src/catalogue/seminar.entity.ts";
import { StaffRole } from "../../../src/platform/auth/staff-role.ts";
import { logOut } from "../../support/account-operations.ts";
import type { GraphqlClient } from "../../support/client.ts";
import { openSharing, type SharingServer } from "../../support/sharing-server.ts";
import { startTcpProxy } from "../../support/tcp-proxy.ts";
import { startTestServer, type TestServer } from "../../support/test-server.ts";
import type { Person } from "../../support/world.ts";

const detail = "query ($id: ID!) { seminar(id: $id) { participants { totalCount } } }";
const deactivate = `mutation ($id: ID!) {
  setUsersActive(input: { userIds: [$id], active: false }) { succeededIds }
}`;

let sharing: SharingServer;
let neighbour: TestServer;
let seminar: Seminar;
let admin: Person;
beforeAll(async () => {
  sharing = await openSharing();
  const { world, database } = sharing.server;
  neighbour = await startTestServer({ database });
  seminar = await world.seminar();
  admin = await world.person({ staffRole: StaffRole.ADMIN });
  // Somebody who stays keeps a shared answer for all who are logged in.
  const witness = await world.person();
  await sharing.know(witness.client);
  await participants(witness.client);
});
afterAll(async () => {
  await neighbour.stop();
  await sharing.close();
});

async function participants(client: GraphqlClient, server = sharing) {
  const { by, body } = await server.ask(client, detail, { id: seminar.id });
  return { by, participants: body.data?.seminar.participants as { totalCount: number } | null };
}

/** Somebody who is served as logged in from a shared answer. */
async function knownPerson(): Promise<Person> {
  const person = await sharing.server.world.person();
  await sharing.know(person.client);
  expect(await participants(person.client)).toEqual({ by: "replica-1, shared", participants: { totalCount: 0 } });
  return person;
}

describe("whoever is served as logged in from a shared answer is not any more", () => {
  test("at once when the session is ended on the same server (A4)", async () => {
    const person = await knownPerson();
    await person.client.data(logOut);
    expect((await participants(person.client)).participants).toBeNull();
  });

  test("at once when deactivated on the same server", async () => {
    const person = await knownPerson();
    const { setUsersActive } = await admin.client.data(deactivate, { id: person.id });
    expect(setUsersActive.succeededIds).toEqual([person.id]);
    expect((await participants(person.client)).participants).toBeNull();
  });

  test.each([
    ["the session is ended", (person: Person) => [person.client, logOut] as const],
    ["deactivated", () => [admin.client, deactivate] as const],
  ])("before long when %s on another server", async (_, act) => {
    const person = await knownPerson();
    const [actor, document] = act(person);
    await actor.with({ url: `${neighbour.origin}/graphql` }).data(document, { id: person.id });
    while ((await participants(person.client)).participants !== null) await delay(20);
  });
});

test("while the primary cannot be seen, nobody is taken to be logged in without a look", async () => {
  const proxy = await startTcpProxy(sharing.server.database.url);
  const cut = await openSharing({ DATABASE_URL: proxy.url }, sharing.server.database);
  try {
    const person = await sharing.server.world.person();
    await cut.know(person.client);
    await participants(person.client, cut);
    expect((await participants(person.client, cut)).by).toBe("replica-1, shared");
    await proxy.close();
    await cut.blinded(async () => {
      expect(await participants(person.client, cut)).toEqual({
        by: "replica-1, shared",
        participants: { totalCount: 0 },
      });
      await person.client.data(logOut);
      await sharing.server.database.replicated();
      expect((await participants(person.client, cut)).participants).toBeNull();
    });
    await proxy.open();
  } finally {
    await cut.close();
    await proxy.close();
  }
});
