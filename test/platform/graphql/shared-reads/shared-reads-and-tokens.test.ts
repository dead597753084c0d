import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { encodeToken } from "../../../../src/platform/database/routing/consistency-token.ts";
import { positionSeen } from "../../../../src/platform/database/routing/topology/watched-server.ts";
import type { WalPosition } from "../../../../src/platform/database/routing/wal-position.ts";
import type { GraphqlClient } from "../../../support/client.ts";
import { type HeldReplicas, startHeldReplicas } from "../../../support/held-replicas.ts";
import { openSharing, type SharingServer } from "../../../support/sharing-server.ts";
import { startTcpProxy } from "../../../support/tcp-proxy.ts";

const list = "query ($first: Int) { seminars(first: $first) { nodes { id participantCount } } }";
const join = `mutation ($id: ID!) {
  joinSeminar(input: { seminarId: $id }) { ... on JoinSeminarSuccess { seminar { id participantCount } } }
}`;

let cluster: HeldReplicas;
let sharing: SharingServer;
beforeAll(async () => {
  cluster = await startHeldReplicas(1);
  sharing = await openSharing({}, cluster.database);
}, 120_000);
afterAll(async () => {
  await sharing.close();
  await cluster.database.drop();
});

/** Each test asks for another number of seminars, and so for something of its own. */
let first = 1;

async function ask(client: GraphqlClient, token?: WalPosition | string, server = sharing) {
  const text = typeof token === "object" ? encodeToken(token) : token;
  const headers: Record<string, string> = text ? { "consistency-token": text } : {};
  const { by, body } = await server.ask(client.with({ headers }), list, { first });
  return { by, seminars: body.data?.seminars.nodes as { id: string; participantCount: number }[] };
}

/** Where the server knows this one to stand, from a look that begins now. */
async function positionOf(role: "primary" | "replica", of = sharing): Promise<WalPosition> {
  const since = performance.now();
  const server = of.server.app.topology.servers.find((one) => one.role === role);
  while (!server?.lastLook || server.lastLook.at < since) await delay(5);
  return positionSeen(server) as WalPosition;
}

function past({ timeline, lsn }: WalPosition): WalPosition {
  return { timeline, lsn: lsn + 1n };
}

describe("an answer that a replica gave", () => {
  test("is given to whose token is at its position, and not to whose token is one past it", async () => {
    first++;
    await sharing.server.world.seminar();
    await cluster.whilePaused([1], async () => {
      const position = await positionOf("replica");
      expect((await ask(sharing.anonymous)).by).toBe("replica-1");
      expect((await ask(sharing.anonymous, position)).by).toBe("replica-1, shared");
      expect((await ask(sharing.anonymous, past(position))).by).toBe("primary");
    });
  });

  test("is not given to who has written since, and told so by the token", async () => {
    first++;
    const person = await sharing.server.world.person();
    const seminar = await sharing.server.world.seminar();
    await cluster.whilePaused([1], async () => {
      const before = await ask(person.client);
      expect([before.by, before.seminars[0]]).toEqual(["replica-1", { id: seminar.id, participantCount: 0 }]);
      const { headers, body } = await person.client.send(join, { id: seminar.id });
      expect(body.data?.joinSeminar.seminar.id).toBe(seminar.id);
      expect((await ask(sharing.anonymous)).by).toBe("replica-1, shared");
      const after = await ask(person.client, headers.get("consistency-token") as string);
      expect([after.by, after.seminars[0]]).toEqual(["primary", { id: seminar.id, participantCount: 1 }]);
    });
  });

  test("is not given to whose token cannot be read", async () => {
    first++;
    await cluster.caughtUp([1]);
    expect((await ask(sharing.anonymous)).by).toBe("replica-1");
    for (const garbage of ["garbage", "1.zz", "2.000000010000000000000000"]) {
      expect((await ask(sharing.anonymous, garbage)).by).toBe("primary");
    }
    expect((await ask(sharing.anonymous)).by).toBe("replica-1, shared");
  });
});

test("a read that was moved to the primary has what the primary had", async () => {
  first++;
  await cluster.whilePaused([1], async () => {
    const behind = await positionOf("replica");
    const seminar = await sharing.server.world.seminar();
    const newcomer = await sharing.server.world.person();
    const position = await positionOf("primary");
    expect(position.lsn).toBeGreaterThan(behind.lsn);
    const answer = await ask(newcomer.client);
    expect([answer.by, answer.seminars[0]?.id]).toEqual(["primary", seminar.id]);
    expect((await ask(sharing.anonymous, position)).by).toBe("primary, shared");
  });
});

test("a read whose server was lost under it has what the server had that answered it in the end", async () => {
  first++;
  const proxy = await startTcpProxy(cluster.database.replicaUrls[0] as string);
  const cut = await openSharing({ DATABASE_REPLICA_URLS: proxy.url }, cluster.database);
  const hasBusyConnection = async () =>
    /^seminar_pool_connections\{server="replica-1",lane="read",state="busy"\} 1$/m.test(
      await (await fetch(`${cut.server.origin}/metrics`)).text(),
    );
  try {
    await cut.know(cut.anonymous);
    await cluster.whilePaused([1], async () => {
      const seminar = await sharing.server.world.seminar();
      const position = await positionOf("primary", cut);
      proxy.freeze();
      const reading = ask(sharing.anonymous, undefined, cut);
      while (!(await hasBusyConnection())) await delay(5);
      await proxy.close();
      const answer = await reading;
      expect([answer.by, answer.seminars[0]?.id]).toEqual(["primary", seminar.id]);
      expect((await ask(sharing.anonymous, position, cut)).by).toBe("primary, shared");
    });
  } finally {
    await proxy.open();
    await cut.close();
    await proxy.close();
  }
});

test("each of a crowd that writes and reads sees what it wrote, however many share", async () => {
  const people = await sharing.server.world.people(8);
  const seminars = await Promise.all(people.map(() => sharing.server.world.seminar()));
  await cluster.caughtUp([1]);
  first = 20;
  const by: Record<string, number> = {};
  let isOver = false;
  const reloading = (async () => {
    while (!isOver) await ask(sharing.anonymous);
  })();
  await Promise.all(
    people.map(async ({ client }) => {
      for (const { id } of seminars) {
        const { headers, body } = await client.send(join, { id });
        const token = headers.get("consistency-token") as string;
        for (let reload = 0; reload < 3; reload++) {
          const answer = await ask(client, token);
          by[`${answer.by}`] = (by[`${answer.by}`] ?? 0) + 1;
          const seen = answer.seminars.find((seminar) => seminar.id === id)?.participantCount;
          expect(seen).toBeGreaterThanOrEqual(body.data?.joinSeminar.seminar.participantCount);
        }
      }
    }),
  );
  isOver = true;
  await reloading;
  expect(Object.keys(by).filter((name) => name.endsWith(", shared"))).not.toEqual([]);
});

describe("what a token may ask for at most, of who reads now", () => {
  const look = { at: 0, timeline: 3, lsn: 100n };

  test("is on a replica all that it has replayed", () => {
    expect(positionSeen({ lastLook: { ...look, isInRecovery: true } })).toEqual({ timeline: 3, lsn: 100n });
  });

  test("is on the primary less than what was flushed: a commit that stands there may not be seen yet", () => {
    expect(positionSeen({ lastLook: { ...look, isInRecovery: false } })).toEqual({ timeline: 3, lsn: 99n });
  });

  test("is not known of a server that is down", () => {
    expect(positionSeen({ lastLook: null })).toBeNull();
  });
});
