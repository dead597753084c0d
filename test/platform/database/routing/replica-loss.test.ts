import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { eventually } from "../../../support/failover.ts";
import { type HeldReplicas, startHeldReplicas } from "../../../support/held-replicas.ts";
import { startTestServer, type TestServer } from "../../../support/test-server.ts";

const catalogue = `{
  viewer { username enrollments { totalCount } }
  seminars(first: 20) { totalCount nodes { name participants { totalCount nodes { user { username } } } } }
}`;

describe("a replica that is killed under load", () => {
  let cluster: HeldReplicas;
  let server: TestServer;
  beforeAll(async () => {
    cluster = await startHeldReplicas(2);
    server = await startTestServer({ database: cluster.database });
  }, 120_000);
  afterAll(async () => {
    await server.stop();
    await cluster.database.drop();
  });

  test("costs no query, comes back, and is used again; without any replica the primary answers", async () => {
    const people = await server.world.people(16);
    for (let one = 0; one < 5; one++) {
      const seminar = await server.world.seminar();
      for (const person of people.slice(0, 5)) await server.world.enroll(seminar, person);
    }
    await cluster.database.replicated();
    const failed: unknown[] = [];
    const answeredBy = new Map<string, number>();
    let isOver = false;
    const load = people.map(async ({ client }) => {
      const impatient = client.with({ beforeQuery: undefined });
      while (!isOver) {
        const { status, headers, body } = await impatient.send(catalogue);
        if (status !== 200 || body.errors || body.data?.seminars.totalCount !== 5) failed.push({ status, body });
        const by = headers.get("served-by") as string;
        answeredBy.set(by, (answeredBy.get(by) ?? 0) + 1);
      }
    });
    const answersOf = (name: string) => answeredBy.get(name) ?? 0;
    const isUsed = (name: string, times: number) => {
      const before = answersOf(name);
      return eventually(() => answersOf(name) >= before + times, `${name} has answered ${times} times more`);
    };
    const [first, second] = cluster.cluster.replicas;
    try {
      await Promise.all([isUsed("replica-1", 20), isUsed("replica-2", 20)]);
      await first?.kill();
      await isUsed("replica-2", 50);
      const afterKill = answersOf("replica-1");
      await second?.kill();
      await isUsed("primary", 50);
      expect(answersOf("replica-1")).toBe(afterKill);
      await Promise.all([first?.start(), second?.start()]);
      await Promise.all([isUsed("replica-1", 20), isUsed("replica-2", 20)]);
    } finally {
      isOver = true;
      await Promise.all(load);
    }
    expect(failed).toEqual([]);
  }, 120_000);
});
