import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { MikroORM } from "@mikro-orm/postgresql";
import { sql } from "kysely";
import pg from "pg";
import { entities } from "../../../../src/app/entities.ts";
import { createRoutedOrm } from "../../../../src/platform/database/connections/orm.ts";
import type { Servers } from "../../../../src/platform/database/connections/servers.ts";
import { Route, withRoute } from "../../../../src/platform/database/routing/route.ts";
import { selectRows } from "../../../../src/platform/database/sql/select-rows.ts";
import { createTestDatabase, type TestDatabase } from "../../../support/database.ts";
import { writingNothing } from "../../../support/every-row.ts";
import { eventually } from "../../../support/failover.ts";
import { type OpenServers, openTestServers } from "../../../support/open-servers.ts";
import { startTcpProxy } from "../../../support/tcp-proxy.ts";
import { startTestServer } from "../../../support/test-server.ts";

const join = "mutation ($id: ID!) { joinSeminar(input: { seminarId: $id }) { __typename } }";

const update = "mutation { updateViewer(input: { locale: KO }) { __typename } }";

test("who comes when the queue for connections is full is OVERLOADED at once; queries have connections of their own", async () => {
  const database = await createTestDatabase();
  const variables = { DATABASE_POOL_SIZE: "1", POOL_QUEUE_LIMIT: "1", DATABASE_REPLICA_URLS: "" };
  const server = await startTestServer({ database, variables });
  const holder = new pg.Client({ connectionString: database.url });
  try {
    const locked = await server.world.seminar();
    const [first, second, third] = await server.world.people(3);
    await holder.connect();
    await holder.query("begin");
    await holder.query("select from seminars where id = $1 for update", [locked.id]);
    const joining = first?.client.send(join, { id: locked.id });
    await eventually(async () => (await metric("busy")) === 1, "the connection is in use");
    const queueing = second?.client.send(update);
    await eventually(async () => (await metric("waiting")) === 1, "somebody waits for it");
    await writingNothing(database, async () => {
      const { body } = (await third?.client.send(update)) ?? {};
      expect(body?.errors?.[0]?.extensions.code).toBe("OVERLOADED");
    });
    const query = await third?.client.send("{ viewer { username } }");
    expect(query?.headers.get("served-by")).toBe("primary");
    expect(query?.body.data.viewer.username).toBe(third?.username);
    await holder.query("commit");
    const [joined, updated] = await Promise.all([joining, queueing]);
    expect(joined?.body.data.joinSeminar.__typename).toBe("JoinSeminarSuccess");
    expect(updated?.body.data.updateViewer.__typename).toBe("UpdateViewerSuccess");
  } finally {
    await holder.end();
    await server.stop();
    await database.drop();
  }

  async function metric(what: "busy" | "waiting"): Promise<number> {
    const text = await (await fetch(`${server.origin}/metrics`)).text();
    const series = { busy: "seminar_pool_connections", waiting: "seminar_pool_waiting" }[what];
    const labels = { busy: 'server="primary",lane="write",state="busy"', waiting: 'server="primary",lane="write"' }[
      what
    ];
    return Number(text.match(new RegExp(`^${series}\\{${labels}\\} (\\d+)$`, "m"))?.[1]);
  }
});

describe("the connections of staff", () => {
  let database: TestDatabase;
  let opened: OpenServers;
  let servers: Servers;
  let orm: MikroORM;
  beforeAll(async () => {
    database = await createTestDatabase();
    opened = await openTestServers(database, {
      lanes: { write: { size: 1 }, read: { size: 1 }, staff: { size: 1, statementTimeoutMs: 1_234 } },
      poolWaitMs: 300,
    });
    servers = opened.servers;
    orm = await createRoutedOrm(servers, entities);
  });
  afterAll(async () => {
    await orm.close();
    await opened.close();
    await database.drop();
  });

  async function limitsOf(kind: "query" | "mutation", isStaff: boolean): Promise<string> {
    const route = new Route(servers, (violation) => {
      throw violation;
    });
    await route.pin(kind);
    if (isStaff) route.useStaffLane();
    return await withRoute(route, async () => {
      const em = orm.em.fork();
      const limits = sql<{ limits: string }>`select concat_ws(' ', current_setting('statement_timeout'),
        current_setting('lock_timeout'), current_setting('idle_in_transaction_session_timeout'),
        current_setting('max_parallel_workers_per_gather')) as limits`;
      if (kind === "query") return (await selectRows(em, limits))[0]?.limits ?? "";
      return await em.transactional(async (inside) => (await selectRows(inside as never, limits))[0]?.limits ?? "");
    });
  }

  test("have limits of their own, inside transactions and outside; as all, they take one core for a statement", async () => {
    expect(await limitsOf("mutation", false)).toBe("5s 5s 5s 0");
    expect(await limitsOf("query", false)).toBe("5s 5s 5s 0");
    expect(await limitsOf("mutation", true)).toBe("1234ms 5s 1234ms 0");
    expect(await limitsOf("query", true)).toBe("1234ms 5s 1234ms 0");
  });

  test("are not those of mutations and queries: neither waits when all of the other are in use", async () => {
    const staff = await servers.primary.connect("staff");
    expect(await limitsOf("mutation", false)).toBe("5s 5s 5s 0");
    await expect(limitsOf("mutation", true)).rejects.toThrow("timeout exceeded when trying to connect");
    staff.release();
    const write = await servers.primary.connect("write");
    expect(await limitsOf("mutation", true)).toBe("1234ms 5s 1234ms 0");
    write.release();
  });
});

test("a connection whose other end is gone holds nobody up for ever: the server is down, then OVERLOADED, then it goes on", async () => {
  const database = await createTestDatabase();
  const proxy = await startTcpProxy(database.url);
  const variables = { DATABASE_URL: proxy.url, DATABASE_REPLICA_URLS: "", STATEMENT_TIMEOUT_MS: "300" };
  const server = await startTestServer({ database, variables });
  const isReady = async () => (await fetch(`${server.origin}/health/ready`)).status === 200;
  try {
    const seminar = await server.world.seminar();
    const [first, second] = await server.world.people(2);
    proxy.freeze();
    const hanging = first?.client.with({ beforeQuery: undefined }).send(join, { id: seminar.id });
    await eventually(async () => !(await isReady()), "the server is seen to be down");
    const outcomes = [await hanging, await second?.client.send(join, { id: seminar.id })];
    expect(outcomes.map((answer) => answer?.body.errors?.[0]?.extensions.code)).toEqual(["OVERLOADED", "OVERLOADED"]);
    await proxy.close();
    await proxy.open();
    await eventually(isReady, "the server is up again");
    const { body } = (await first?.client.send(join, { id: seminar.id })) ?? {};
    expect(body?.data.joinSeminar.__typename).toBe("JoinSeminarSuccess");
  } finally {
    await server.stop();
    await proxy.close().catch(() => {});
    await database.drop();
  }
}, 60_000);
