import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { hashPassword } from "../../../src/platform/auth/passwords.ts";
import { logIn, logOut, updateViewer, viewer } from "../../support/account-operations.ts";
import { startTestServer, type TestServer } from "../../support/test-server.ts";
import type { Person } from "../../support/world.ts";

describe("a session that has ended", () => {
  let server: TestServer;
  let neighbour: TestServer;
  beforeAll(async () => {
    server = await startTestServer();
    neighbour = await startTestServer({ database: server.database });
  });
  afterAll(async () => {
    await neighbour.stop();
    await server.stop();
  });

  /** A client that does not wait for the replica, as a thief of a token would not. */
  function impatient(person: Person) {
    return person.client.with({ beforeQuery: async () => {} });
  }

  test("is over for queries at once, though the replica may not have heard of it (A4)", async () => {
    const people = await server.world.people(100);
    await server.database.replicated();
    const seen: unknown[] = [];
    for (const person of people) {
      await person.client.data(logOut);
      seen.push((await impatient(person).data(viewer)).viewer);
    }
    expect(seen.filter((one) => one !== null)).toEqual([]);
  });

  test("is not opened, or is ended, when the password changes at the same moment (A4)", async () => {
    const passwordHash = await hashPassword("the old password");
    const alive: string[] = [];
    for (let round = 0; round < 15; round++) {
      const person = await server.world.person({ passwordHash });
      const change = { password: `the new password ${round}`, currentPassword: "the old password" };
      const [login, changed] = await Promise.all([
        server.anonymous.with({}).data(logIn, { input: { login: person.username, password: "the old password" } }),
        person.client.data(updateViewer, { input: change }),
      ]);
      expect(changed.updateViewer.__typename).toBe("UpdateViewerSuccess");
      const token = login.logIn.session?.token;
      if (token && (await server.anonymous.with({ token }).data(viewer)).viewer) alive.push(person.username);
    }
    expect(alive).toEqual([]);
  });

  test("is over on another server for mutations at once, and for queries before long", async () => {
    const person = await server.world.person();
    await server.database.replicated();
    const elsewhere = impatient(person).with({ url: `${neighbour.origin}/graphql` });
    expect((await elsewhere.data(viewer)).viewer).toMatchObject({ id: person.id });
    await person.client.data(logOut);
    expect(await elsewhere.data(logOut)).toEqual({ logOut: false });
    while ((await elsewhere.data(viewer)).viewer !== null) await delay(20);
  });
});
