import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { changeSettings, eventually } from "../../../support/failover.ts";
import { type HeldReplicas, startHeldReplicas } from "../../../support/held-replicas.ts";
import { startTestServer, type TestServer } from "../../../support/test-server.ts";
import type { Person } from "../../../support/world.ts";

const write = `mutation ($university: String!) {
  updateViewer(input: { participant: { university: $university } }) { __typename }
}`;
const read = "{ viewer { participant { university } } }";

describe("with one replica that is two seconds behind", () => {
  let cluster: HeldReplicas;
  let server: TestServer;
  let people: Person[];
  beforeAll(async () => {
    cluster = await startHeldReplicas(2);
    const [, delayed] = cluster.cluster.replicas;
    if (delayed) await changeSettings(delayed, { recovery_min_apply_delay: "2s" });
    server = await startTestServer({ database: cluster.database });
    people = await server.world.people(20);
    await cluster.database.replicated();
  }, 120_000);
  afterAll(async () => {
    await server.stop();
    await cluster.database.drop();
  });

  /** Everybody writes and reads in turn, all at once; how many reads missed the write before them, and who answered. */
  async function writeAndRead(pairsEach: number, withToken: boolean) {
    const readsBy: Record<string, number> = {};
    let stale = 0;
    await Promise.all(
      people.map(async ({ client }) => {
        const impatient = client.with({ beforeQuery: undefined });
        for (let pair = 0; pair < pairsEach; pair++) {
          const university = `${withToken} ${pair}`;
          const written = await impatient.send(write, { university });
          expect(written.body).toEqual({ data: { updateViewer: { __typename: "UpdateViewerSuccess" } } });
          const token = written.headers.get("consistency-token") as string;
          const headers: Record<string, string> = withToken ? { "consistency-token": token } : {};
          const answer = await impatient.with({ headers }).send(read);
          if (answer.body.data?.viewer.participant.university !== university) stale++;
          const by = answer.headers.get("served-by") as string;
          readsBy[by] = (readsBy[by] ?? 0) + 1;
        }
      }),
    );
    return { stale, readsBy };
  }

  test("of 1,000 reads that bring the token of the write before them none is stale, and replicas answer", async () => {
    const { stale, readsBy } = await writeAndRead(50, true);
    expect(stale).toBe(0);
    expect(readsBy["replica-1"]).toBeGreaterThan(0);
  }, 240_000);

  test("of reads without a token some are stale: so the token is what keeps them from it", async () => {
    const { stale, readsBy } = await writeAndRead(5, false);
    expect(stale).toBeGreaterThan(0);
    expect(readsBy.primary).toBeUndefined();
  }, 60_000);
});

describe("a replica that is too far behind", () => {
  let cluster: HeldReplicas;
  let server: TestServer;
  beforeAll(async () => {
    cluster = await startHeldReplicas(2);
    server = await startTestServer({ database: cluster.database, variables: { REPLICA_MAX_LAG_MS: "1000" } });
  }, 120_000);
  afterAll(async () => {
    await server.stop();
    await cluster.database.drop();
  });

  async function states(): Promise<Record<string, string>> {
    const { servers } = (await (await fetch(`${server.origin}/health/ready`)).json()) as {
      servers: { name: string; state: string }[];
    };
    return Object.fromEntries(servers.map(({ name, state }) => [name, state]));
  }

  async function servedBy(): Promise<string[]> {
    const answers = await Promise.all(
      Array.from({ length: 4 }, () => server.anonymous.with({ beforeQuery: undefined }).send("{ serverTime }")),
    );
    return [...new Set(answers.map(({ headers }) => headers.get("served-by") as string))].toSorted();
  }

  test("is left out until it has caught up, and with none left the primary answers", async () => {
    await cluster.whilePaused([1], async () => {
      await server.world.seminar();
      await eventually(async () => (await states())["replica-1"] === "behind", "replica-1 is left out");
      expect(await servedBy()).toEqual(["replica-2"]);
      await cluster.whilePaused([2], async () => {
        await server.world.seminar();
        await eventually(async () => (await states())["replica-2"] === "behind", "replica-2 is left out");
        expect(await servedBy()).toEqual(["primary"]);
      });
    });
    await eventually(async () => Object.values(await states()).every((state) => state === "up"), "all are up again");
    expect(await servedBy()).toEqual(["replica-1", "replica-2"]);
    const told = server.logLines.map((line) => JSON.parse(line)).filter(({ server: name }) => name === "replica-1");
    expect(told.map(({ msg, state }) => [msg, state])).toEqual([
      ["a replica is behind and is left out", "behind"],
      ["a database server is up", "up"],
    ]);
  }, 60_000);

  test("is seen in the metrics: how far, in seconds and in bytes", async () => {
    await cluster.whilePaused([1], async () => {
      await server.world.seminar();
      await eventually(async () => (await metric('seminar_replica_lag_seconds{server="replica-1"}')) > 1, "a second");
      expect(await metric('seminar_replica_lag_bytes{server="replica-1"}')).toBeGreaterThan(0);
      await eventually(async () => (await states())["replica-1"] === "behind", "replica-1 is left out");
      expect(await metric('seminar_database_up{server="replica-1",role="replica",state="behind"}')).toBe(0);
      expect(await metric('seminar_database_up{server="replica-2",role="replica",state="up"}')).toBe(1);
      expect(await metric('seminar_database_up{server="primary",role="primary",state="up"}')).toBe(1);
      expect(await metric("seminar_primary_missing")).toBe(0);
    });
  }, 60_000);

  async function metric(series: string): Promise<number> {
    const text = await (await fetch(`${server.origin}/metrics`)).text();
    return Number(
      text
        .split("\n")
        .find((line) => line.startsWith(`${series} `))
        ?.slice(series.length),
    );
  }
});
