import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { GraphqlClient } from "../../../support/client.ts";
import { eventually } from "../../../support/failover.ts";
import { type HeldReplicas, startHeldReplicas } from "../../../support/held-replicas.ts";
import { startTestServer, type TestServer } from "../../../support/test-server.ts";
import type { Person } from "../../../support/world.ts";

const rename = `mutation ($name: String!) {
  updateViewer(input: { firstName: $name, lastName: "Kim" }) { ... on UpdateViewerSuccess { user { firstName } } }
}`;
const whoAmI = "{ viewer { firstName } }";
const join = "mutation ($id: ID!) { joinSeminar(input: { seminarId: $id }) { __typename } }";
const future = "1.00000001ffffffff00000000";

describe("a consistency token", () => {
  let cluster: HeldReplicas;
  let server: TestServer;
  let other: TestServer;
  beforeAll(async () => {
    cluster = await startHeldReplicas(2);
    const { database } = cluster;
    server = await startTestServer({ database });
    other = await startTestServer({ database, variables: { REPLICA_WAIT_MS: "10000" } });
  }, 120_000);
  afterAll(async () => {
    await Promise.all([server.stop(), other.stop()]);
    await cluster.database.drop();
  });

  async function newPerson(): Promise<Person> {
    const person = await server.world.person({ firstName: "Old", lastName: "Kim" });
    await cluster.database.replicated();
    return person;
  }

  /** Sends as it is: without waiting for the replicas, and with nothing but these headers. */
  async function send(client: GraphqlClient, query: string, variables?: object, headers: Record<string, string> = {}) {
    const answer = await client.with({ beforeQuery: undefined, headers }).send(query, variables);
    expect(answer.body.errors).toBeUndefined();
    return {
      data: answer.body.data,
      by: answer.headers.get("served-by"),
      token: answer.headers.get("consistency-token"),
      cookies: answer.headers.getSetCookie(),
    };
  }

  async function nameAfter(person: Person, headers: Record<string, string>) {
    const { data, by } = await send(person.client, whoAmI, undefined, headers);
    return { name: data.viewer.firstName, by };
  }

  test("comes with every mutation that has committed something, a refusal too, and with nothing else", async () => {
    const person = await newPerson();
    const { id } = await server.world.seminar();
    const changed = await send(person.client, join, { id });
    const refused = await send(person.client, join, { id });
    expect(refused.data).toEqual({ joinSeminar: { __typename: "JoinSeminarRefusal" } });
    for (const { token, cookies } of [changed, refused]) {
      expect(token).toMatch(/^1\.[0-9a-f]{24}$/);
      expect(cookies).toEqual([`consistency-token=${token}; Max-Age=3600; Path=/; HttpOnly; SameSite=Strict`]);
    }
    const query = await send(person.client, whoAmI);
    const anonymous = await server.anonymous.send(join, { id });
    expect([query.token, anonymous.headers.get("consistency-token")]).toEqual([null, null]);
    expect([...query.cookies, ...anonymous.headers.getSetCookie()]).toEqual([]);
  });

  test("without it a query reads from a replica, whatever that has; with it, from one that has it, else the primary", async () => {
    const person = await newPerson();
    await cluster.whilePaused([1, 2], async () => {
      const { token } = await send(person.client, rename, { name: "New" });
      const [first, second] = [await nameAfter(person, {}), await nameAfter(person, {})];
      expect([first.by, second.by].toSorted()).toEqual(["replica-1", "replica-2"]);
      expect([first.name, second.name]).toEqual(["Old", "Old"]);
      const headers = { "consistency-token": token as string };
      expect(await nameAfter(person, headers)).toEqual({ name: "New", by: "primary" });
    });
    await cluster.whilePaused([2], async () => {
      const { token } = await send(person.client, rename, { name: "Newer" });
      await cluster.caughtUp([1]);
      const headers = { "consistency-token": token as string };
      for (let turn = 0; turn < 4; turn++) {
        expect(await nameAfter(person, headers)).toEqual({ name: "Newer", by: "replica-1" });
      }
    });
  });

  test("counts as a cookie too; of two the later one counts, and one that cannot be read asks for the primary", async () => {
    const person = await newPerson();
    const { token: early } = await send(person.client, rename, { name: "Earlier" });
    await cluster.database.replicated();
    await cluster.whilePaused([1, 2], async () => {
      const { token: late } = await send(person.client, rename, { name: "Later" });
      const cookie = (token: string | null) => `other=1; consistency-token=${token}; more=2`;
      const early1 = { "consistency-token": early as string };
      const late1 = { "consistency-token": late as string };
      expect(await nameAfter(person, early1)).toMatchObject({ name: "Earlier", by: expect.stringMatching(/^replica/) });
      for (const headers of [
        { cookie: cookie(late) },
        { ...early1, cookie: cookie(late) },
        { ...late1, cookie: cookie(early) },
        { ...early1, cookie: cookie("nonsense") },
      ]) {
        expect(await nameAfter(person, headers)).toEqual({ name: "Later", by: "primary" });
      }
    });
  });

  test.each(["nonsense", "2.0000000100000000", "1.", "1.00000001000000000000000g", `${future}0`, "0/1", "%00", future])(
    "that nobody gave out (%s) is no error and gives no old answer: the primary answers",
    async (token) => {
      const person = await newPerson();
      await cluster.whilePaused([1, 2], async () => {
        await send(person.client, rename, { name: "New" });
        expect(await nameAfter(person, { "consistency-token": token })).toEqual({ name: "New", by: "primary" });
      });
    },
  );

  test("is waited for, as long as the server is told to, and then a replica answers", async () => {
    const person = await newPerson();
    const client = person.client.with({ url: `${other.origin}/graphql` });
    let waiting: ReturnType<typeof send> | undefined;
    await cluster.whilePaused([1, 2], async () => {
      const { token } = await send(client, rename, { name: "New" });
      waiting = send(client, whoAmI, undefined, { "consistency-token": token as string });
      await eventually(async () => /^seminar_token_waits_total [1-9]/m.test(await metricsOf(other)), "somebody waits");
    });
    const { data, by } = (await waiting) as Awaited<ReturnType<typeof send>>;
    expect(data.viewer.firstName).toBe("New");
    expect(by).toMatch(/^replica-/);
  });

  test("of one server process holds for another: what was written through one is read through the other", async () => {
    const people = await server.world.people(10, { firstName: "Old", lastName: "Kim" });
    await cluster.database.replicated();
    let stale = 0;
    await Promise.all(
      people.map(async ({ client }, index) => {
        for (let turn = 0; turn < 10; turn++) {
          const name = `${"a".repeat(index + 1)} ${"b".repeat(turn + 1)}`;
          const [writer, reader] = turn % 2 === 0 ? [server, other] : [other, server];
          const { token } = await send(client.with({ url: `${writer.origin}/graphql` }), rename, { name });
          const read = await send(client.with({ url: `${reader.origin}/graphql` }), whoAmI, undefined, {
            "consistency-token": token as string,
          });
          if (read.data.viewer.firstName !== name) stale++;
        }
      }),
    );
    expect(stale).toBe(0);
  }, 120_000);

  test("is counted: served at once, waited for, gone to the primary", async () => {
    const person = await newPerson();
    const { token } = await send(person.client, rename, { name: "New" });
    await cluster.database.replicated();
    const before = await counts();
    await send(person.client, whoAmI, undefined, { "consistency-token": future });
    await send(person.client, whoAmI, undefined, { "consistency-token": "nonsense" });
    const between = await counts();
    expect([between.waits - before.waits, between.fallbacks - before.fallbacks]).toEqual([1, 2]);
    await eventually(async () => {
      await send(person.client, whoAmI, undefined, { "consistency-token": token as string });
      return (await counts()).hits > before.hits;
    }, "a replica is known to have it");
  });

  async function counts() {
    const metrics = await metricsOf(server);
    const count = (name: string) => Number(metrics.match(new RegExp(`^seminar_token_${name}_total (\\d+)$`, "m"))?.[1]);
    return { hits: count("hits"), waits: count("waits"), fallbacks: count("fallbacks") };
  }

  async function metricsOf({ origin }: TestServer): Promise<string> {
    return await (await fetch(`${origin}/metrics`)).text();
  }
});
