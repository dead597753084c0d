import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import {
  type Member,
  makeCrowd,
  type Outcome,
  openSeminar,
  pressJoin,
  seatsTaken,
  tally,
} from "../../support/crowd.ts";
import { brokenInvariants } from "../../support/invariants.ts";
import { type OwnCluster, startOwnCluster } from "../../support/own-cluster.ts";
import { type SpawnedServer, spawnServer } from "../../support/spawn-server.ts";

const seats = 150;
const people = 200;
/** So many press at the same time; the next one when somebody has been answered. */
const atOnce = 25;
/** After so many successes comes the blow: in the middle of it all. */
const blowAfter = 40;

describe("A join that was answered with success is kept", () => {
  let cluster: OwnCluster;
  let server: SpawnedServer;
  beforeAll(async () => {
    cluster = await startOwnCluster();
    server = await spawnServer({ DATABASE_URL: cluster.url, AUDIT_DATABASE_URL: cluster.auditUrl });
  }, 120_000);
  afterAll(async () => {
    await server?.stop();
    await cluster?.remove();
  });

  test("when the server is killed", async () => {
    const victim = await spawnServer({ DATABASE_URL: cluster.url, AUDIT_DATABASE_URL: cluster.auditUrl });
    const { seminarId, crowd } = await prepare();
    const told = await storm(crowd, (member) => pressOnce(victim.url, member, seminarId), victim.kill);
    expect(told.outcomes).toMatchObject({ JoinSeminarSuccess: expect.any(Number), [brokenOff]: expect.any(Number) });
    expect(Object.keys(told.outcomes)).toHaveLength(2);
    await connectionsOfTheDead();
    expect(await withoutSeat(seminarId, told.successes)).toEqual([]);
    expect(await brokenInvariants(cluster)).toEqual({});

    const others = crowd.filter((member) => !told.successes.includes(member.id));
    const later = await storm(others, (member) => pressOnce(server.url, member, seminarId));
    // Whose answer was lost may be in it.
    expect(Object.keys(later.outcomes).filter((outcome) => !["ALREADY_JOINED", ...inTime].includes(outcome))).toEqual(
      [],
    );
    expect(later.outcomes.SEMINAR_FULL).toBe(people - seats);
    expect(await seatsTaken(cluster, seminarId)).toEqual({ counter: seats, rows: seats });
  }, 120_000);

  test.each([
    ["loses its power", () => cluster.primary.kill()],
    ["is shut down at once", () => cluster.primary.stop("immediate")],
  ])(
    "when PostgreSQL %s, and the server goes on when PostgreSQL is back",
    async (_name, strike) => {
      const { seminarId, crowd } = await prepare();
      const heard: Outcome[] = [];
      const { outcomes, successes } = await storm(
        crowd,
        (member) => pressUntilTold(server.url, member, seminarId, heard),
        async () => {
          await strike();
          await sleep(300);
          await cluster.primary.start();
        },
      );
      expect(tally(heard)).toEqual({ OVERLOADED: expect.any(Number) });
      expect(Object.keys(outcomes).filter((outcome) => !["ALREADY_JOINED", ...inTime].includes(outcome))).toEqual([]);
      expect(await withoutSeat(seminarId, successes)).toEqual([]);
      expect(outcomes.SEMINAR_FULL).toBe(people - seats);
      expect(await seatsTaken(cluster, seminarId)).toEqual({ counter: seats, rows: seats });
      expect(await brokenInvariants(cluster)).toEqual({});
    },
    120_000,
  );

  async function prepare(): Promise<{ seminarId: string; crowd: Member[] }> {
    return { seminarId: await openSeminar(cluster, seats), crowd: await makeCrowd(cluster, people) };
  }

  /** Until what the killed server had begun is over, one way or the other. */
  async function connectionsOfTheDead(): Promise<void> {
    for (;;) {
      const [row] = await cluster.sql<{ open: number }>(
        `select count(*)::integer as open from pg_stat_activity
         where application_name = 'seminar-server' and xact_start is not null`,
      );
      if (row?.open === 0) return;
      await sleep(20);
    }
  }

  /** Those who have no seat, though they were told otherwise. */
  async function withoutSeat(seminarId: string, successes: readonly string[]): Promise<object[]> {
    return await cluster.sql(
      `select told.id from unnest($2::uuid[]) as told (id)
       where not exists (
         select from enrollments where user_id = told.id and seminar_id = $1 and role = 'PARTICIPANT' and status = 'ACTIVE'
       )`,
      [seminarId, successes],
    );
  }
});

const inTime = ["JoinSeminarSuccess", "SEMINAR_FULL"];
const brokenOff = "the connection broke off";

/** Everybody acts, some at a time, and in the middle comes the blow. */
async function storm(
  crowd: readonly Member[],
  act: (member: Member) => Promise<Outcome>,
  blow?: () => Promise<void>,
): Promise<{ outcomes: Record<Outcome, number>; successes: string[] }> {
  const waiting = [...crowd];
  const outcomes: Outcome[] = [];
  const successes: string[] = [];
  let blown: Promise<void> | undefined;
  const work = async () => {
    for (let member = waiting.shift(); member; member = waiting.shift()) {
      const outcome = await act(member);
      outcomes.push(outcome);
      if (outcome === "JoinSeminarSuccess") successes.push(member.id);
      if (blow && successes.length === blowAfter) blown ??= blow();
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  await blown;
  return { outcomes: tally(outcomes), successes };
}

async function pressOnce(url: string, member: Member, seminarId: string): Promise<Outcome> {
  return await pressJoin(url, member, seminarId).catch(() => brokenOff);
}

/** Presses again as long as the server is too busy, and keeps what was heard until then. */
async function pressUntilTold(url: string, member: Member, seminarId: string, heard: Outcome[]): Promise<Outcome> {
  for (;;) {
    const outcome = await pressOnce(url, member, seminarId);
    if (outcome !== "OVERLOADED" && outcome !== brokenOff) return outcome;
    heard.push(outcome);
    await sleep(50);
  }
}
