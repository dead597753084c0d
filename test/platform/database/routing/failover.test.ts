import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { EmbeddedServer } from "../../../../src/embedded-cluster/start-embedded-cluster.ts";
import { type Member, makeCrowd, openSeminar, pressJoin } from "../../../support/crowd.ts";
import { changeSettings, eventually, follow, rowsOn } from "../../../support/failover.ts";
import { type HeldReplicas, startHeldReplicas } from "../../../support/held-replicas.ts";
import { spawnServer } from "../../../support/spawn-server.ts";
import { startTestServer, startTestWorker, type TestServer, type TestWorker } from "../../../support/test-server.ts";

const catalogue = "{ seminars(first: 1) { totalCount } }";
const join = "mutation ($id: ID!) { joinSeminar(input: { seminarId: $id }) { __typename } }";

interface Press {
  member: Member;
  seminarId: string;
  /** On the clock of `performance.now()`. */
  askedAt: number;
  outcome: string;
}

/** The primary and a replica that takes its place, a second replica, a server with a worker, and a crowd. */
class FailoverWorld {
  readonly presses: Press[] = [];
  readonly cluster: HeldReplicas;
  readonly server: TestServer;
  readonly worker: TestWorker;
  readonly crowd: Member[];
  readonly seminarIds: string[];

  private constructor(
    cluster: HeldReplicas,
    server: TestServer,
    worker: TestWorker,
    crowd: Member[],
    seminarIds: string[],
  ) {
    this.cluster = cluster;
    this.server = server;
    this.worker = worker;
    this.crowd = crowd;
    this.seminarIds = seminarIds;
  }

  static async start(isSynchronous: boolean): Promise<FailoverWorld> {
    const cluster = await startHeldReplicas(2);
    if (isSynchronous) {
      await changeSettings(cluster.cluster.primary, { synchronous_standby_names: 'FIRST 1 ("replica-1")' });
    }
    const server = await startTestServer({ database: cluster.database });
    const worker = await startTestWorker(cluster.database);
    const crowd = await makeCrowd(cluster.database, 25);
    const seminarIds: string[] = [];
    for (let one = 0; one < 16; one++) seminarIds.push(await openSeminar(cluster.database, 1_000));
    return new FailoverWorld(cluster, server, worker, crowd, seminarIds);
  }

  async stop(): Promise<void> {
    await this.server.stop();
    await this.worker.stop();
    await this.cluster.database.drop();
  }

  get old(): EmbeddedServer {
    return this.cluster.cluster.primary;
  }

  get next(): EmbeddedServer {
    return this.cluster.cluster.replicas[0] as EmbeddedServer;
  }

  get successes(): Press[] {
    return this.presses.filter(({ outcome }) => outcome === "JoinSeminarSuccess");
  }

  /** Everybody joins one seminar after the other, asking again until told, while `meanwhile` happens. */
  async storm(meanwhile: () => Promise<void>): Promise<void> {
    const graph = `${this.server.origin}/graphql`;
    const joining = this.crowd.map(async (member) => {
      for (const seminarId of this.seminarIds) {
        for (;;) {
          const askedAt = performance.now();
          const outcome = await pressJoin(graph, member, seminarId);
          this.presses.push({ member, seminarId, askedAt, outcome });
          if (outcome !== "OVERLOADED") break;
          await delay(100);
        }
      }
    });
    await meanwhile();
    await Promise.all(joining);
  }

  /**
   * Kills the primary when the replica that takes its place has more of its log than the other one, which could not follow
   * it else: whoever promotes takes the one that has most.
   */
  async killOld(): Promise<void> {
    const other = this.cluster.cluster.replicas[1] as EmbeddedServer;
    await follow(other, { port: 1 });
    const streaming = "select from pg_stat_wal_receiver where status = 'streaming'";
    await eventually(async () => (await rowsOn(other, streaming)).length === 0, "the other replica stands still");
    const received = async (replica: EmbeddedServer) => {
      const [row] = await rowsOn<{ lsn: string }>(replica, "select pg_last_wal_receive_lsn() - '0/0' as lsn");
      return BigInt(row?.lsn ?? 0);
    };
    await eventually(async () => (await received(this.next)) > (await received(other)), "the replica has more");
    await this.old.kill();
  }

  /** Makes the replica the primary, and the other replica follow it. */
  async promote(): Promise<void> {
    await this.next.promote();
    await follow(this.cluster.cluster.replicas[1] as EmbeddedServer, this.next);
  }

  /** The successes that a server knows nothing of. */
  async lostOn(server: EmbeddedServer): Promise<Press[]> {
    const rows = await rowsOn<{ seat: string }>(server, "select user_id || ' ' || seminar_id as seat from enrollments");
    const seats = new Set(rows.map(({ seat }) => seat));
    return this.successes.filter(({ member, seminarId }) => !seats.has(`${member.id} ${seminarId}`));
  }

  async health(): Promise<{ code: number; status: string; states: Record<string, string> }> {
    const response = await fetch(`${this.server.origin}/health/ready`);
    const { status, servers } = (await response.json()) as {
      status: string;
      servers: { name: string; role: string; state: string }[];
    };
    const states = Object.fromEntries(servers.map(({ name, role, state }) => [name, `${role} ${state}`]));
    return { code: response.status, status, states };
  }

  async send(query: string, variables?: object, headers: Record<string, string> = {}) {
    const client = this.server.anonymous.with({ beforeQuery: undefined, token: this.crowd[0]?.token, headers });
    return await client.send(query, variables);
  }

  messages(): string[] {
    return this.server.logLines.map((line) => JSON.parse(line).msg);
  }

  countsOn(server: EmbeddedServer): Promise<Record<string, unknown>[]> {
    return rowsOn(server, "select count(*)::int as enrollments from enrollments");
  }
}

describe("when the primary is killed in a storm of joins, with synchronous replication", () => {
  let world: FailoverWorld;
  beforeAll(async () => {
    world = await FailoverWorld.start(true);
  }, 120_000);
  afterAll(() => world.stop());

  test("queries go on, mutations are OVERLOADED until a replica is promoted, then joins succeed, and none is lost", async () => {
    const { server } = world;
    let promotedAt = Number.POSITIVE_INFINITY;
    await world.storm(async () => {
      await eventually(() => world.successes.length >= 100, "a hundred joins succeeded", 60_000);
      await world.killOld();
      await eventually(async () => (await world.health()).code === 503, "the server knows that there is no primary");
      expect(await world.health()).toMatchObject({ status: "not ready", states: { primary: "primary down" } });
      const query = await world.send(catalogue);
      expect(query.body).toEqual({ data: { seminars: { totalCount: 16 } } });
      expect(query.headers.get("served-by")).toMatch(/^replica-[12]$/);
      const { status, body } = await world.send(join, { id: world.seminarIds[0] });
      expect(status).toBe(503);
      expect(body.errors?.[0]?.extensions).toEqual({ code: "OVERLOADED", retryAfterMs: expect.any(Number) });
      await world.promote();
      promotedAt = performance.now();
    });
    const later = world.successes.filter(({ askedAt }) => askedAt > promotedAt);
    expect(later.length).toBeGreaterThan(0);
    expect(Math.min(...later.map(({ askedAt }) => askedAt)) - promotedAt).toBeLessThan(5_000);
    expect(await world.lostOn(world.next)).toEqual([]);
    const outcomes = new Set(world.presses.map(({ outcome }) => outcome));
    expect(
      [...outcomes].filter((one) => !["JoinSeminarSuccess", "OVERLOADED", "ALREADY_JOINED"].includes(one)),
    ).toEqual([]);
    expect(await world.countsOn(world.next)).toEqual([{ enrollments: 400 }]);
    expect(world.messages()).toEqual(
      expect.arrayContaining(["no database server takes writes", "this database server takes the writes"]),
    );
    expect(server.app.topology.primary?.url).toBe(world.next.url("seminar_test"));
  }, 240_000);

  test("a token of the new primary is served by the replica that follows it", async () => {
    await eventually(async () => (await world.health()).states["replica-2"] === "replica up", "replica-2 follows");
    const seminarId = await newSeminarOn(world.next);
    await eventually(async () => {
      const joined = await world.send(join, { id: seminarId });
      expect(joined.body.errors).toBeUndefined();
      const token = joined.headers.get("consistency-token") as string;
      expect(token).toMatch(/^1\.00000002/);
      const { headers, body } = await world.send(catalogue, {}, { "consistency-token": token });
      expect(body.data.seminars.totalCount).toBe(17);
      return headers.get("served-by") === "replica-2";
    }, "replica-2 has the token's position in time");
  }, 60_000);

  test("the worker goes on with the jobs on the new primary", async () => {
    const mails = "select from graphile_worker._private_jobs as jobs join graphile_worker._private_tasks as tasks";
    await eventually(
      async () =>
        (await rowsOn(world.next, `${mails} on tasks.id = jobs.task_id where identifier ~ 'mail'`)).length === 0,
      "no mail is left to be sent",
      60_000,
    );
  }, 90_000);

  test("the old primary, when it is back, is refused and never written to, not even when it is the only one", async () => {
    await world.old.start();
    await eventually(async () => (await world.health()).states["replica-0"] === "primary refused", "it is refused");
    const before = await world.countsOn(world.old);
    const id = await newSeminarOn(world.next);
    for (const member of world.crowd) {
      expect(await pressJoin(`${world.server.origin}/graphql`, member, id)).toBe("JoinSeminarSuccess");
    }
    expect((await world.send(catalogue)).headers.get("served-by")).not.toBe("replica-0");
    const metrics = await (await fetch(`${world.server.origin}/metrics`)).text();
    expect(metrics).toMatch(/^seminar_primaries_refused_total 1$/m);
    const refusal = world.server.logLines.map((line) => JSON.parse(line)).find(({ state }) => state === "refused");
    expect(refusal).toMatchObject({ level: 50, address: `127.0.0.1:${world.old.port}` });

    await world.next.kill();
    await eventually(async () => (await world.health()).code === 503, "there is no primary");
    for (let look = 0; look < 10; look++) {
      const { body } = await world.send(join, { id: world.seminarIds[0] });
      expect(body.errors?.[0]?.extensions.code).toBe("OVERLOADED");
      await delay(100);
    }
    expect(await world.countsOn(world.old)).toEqual(before);
    await world.next.start();
    await eventually(async () => (await world.health()).code === 200, "the new primary is back");
  }, 120_000);

  test("a server that starts then finds the new primary, though DATABASE_URL names the old one, which is down", async () => {
    await world.old.kill();
    const { url, replicaUrls, auditUrl } = world.cluster.database;
    const started = await spawnServer({
      DATABASE_URL: url,
      DATABASE_REPLICA_URLS: replicaUrls.join(","),
      AUDIT_DATABASE_URL: auditUrl,
    });
    try {
      const id = await newSeminarOn(world.next);
      expect(await pressJoin(started.url, world.crowd[0] as Member, id)).toBe("JoinSeminarSuccess");
    } finally {
      await started.stop();
    }
  }, 60_000);
});

async function newSeminarOn(server: EmbeddedServer): Promise<string> {
  return await openSeminar({ sql: (statement, parameters) => rowsOn(server, statement, parameters) }, 1_000);
}

describe("when the primary is killed in a storm of joins, with asynchronous replication", () => {
  let world: FailoverWorld;
  beforeAll(async () => {
    world = await FailoverWorld.start(false);
  }, 120_000);
  afterAll(() => world.stop());

  test("joins succeed again without a restart; what the replica had not received yet is lost, and nothing else", async () => {
    let received = 0;
    await world.storm(async () => {
      await eventually(() => world.successes.length >= 100, "a hundred joins succeeded", 60_000);
      await world.killOld();
      await world.promote();
      received = (await world.countsOn(world.next))[0]?.enrollments as number;
    });
    const lost = await world.lostOn(world.next);
    expect(received).toBeGreaterThan(0);
    expect(world.successes.length).toBeGreaterThan(100);
    // Lost is only what was written right before the blow: all that came after it is there.
    const [lastLost] = lost.map(({ askedAt }) => askedAt).toSorted((one, other) => other - one);
    const after = world.successes.filter(({ askedAt }) => askedAt > (lastLost ?? 0));
    expect(after.length).toBeGreaterThan(0);
  }, 240_000);
});
