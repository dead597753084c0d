import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import { makeCrowd, openSeminar, patience, pressJoin, seatsTaken, tally } from "../support/crowd.ts";
import { spawnServer } from "../support/spawn-server.ts";
import type { TestServer } from "../support/test-server.ts";

jest.unstable_mockModule("../../src/seminars/seminar.loaders.ts", async () => {
  const { entityById } = await import("../../src/platform/graphql/loaders.ts");
  const { Seminar } = await import("../../src/seminars/seminar.entity.ts");
  const lockSeminar: typeof import("../../src/seminars/seminar.loaders.ts").lockSeminar = (em, id) =>
    em.findOneOrFail(Seminar, { id });
  return { seminarById: entityById(Seminar), lockSeminar };
});
const { startTestServer } = await import("../support/test-server.ts");

const seats = 5;
const people = 100;

describe("The race for the seats is real", () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer({ variables: patience });
  });
  afterAll(() => server.stop());

  test("without the seminar's lock people run into the last guard, the database's own constraint", async () => {
    const { seminarId, outcomes } = await storm(`${server.origin}/graphql`);
    expect(tally(outcomes).INTERNAL_SERVER_ERROR).toBeGreaterThan(0);
    const broken = server.logLines.filter((line) => line.includes('"constraint":"seminars_never_overbooked"'));
    expect(broken).toHaveLength(tally(outcomes).INTERNAL_SERVER_ERROR ?? 0);
    const { counter, rows } = await seatsTaken(server.database, seminarId);
    expect(rows).toBe(counter);
    expect(rows).toBe(tally(outcomes).JoinSeminarSuccess);
    expect(rows).toBeLessThanOrEqual(seats);
  });

  test("with it the same crowd on the same database does not", async () => {
    const variables = { DATABASE_URL: server.database.url, AUDIT_DATABASE_URL: server.database.auditUrl, ...patience };
    const locking = await spawnServer(variables);
    try {
      const { seminarId, outcomes } = await storm(locking.url);
      expect(tally(outcomes)).toEqual({ JoinSeminarSuccess: seats, SEMINAR_FULL: people - seats });
      expect(await seatsTaken(server.database, seminarId)).toEqual({ counter: seats, rows: seats });
      expect(locking.logLines.filter((line) => line.includes("constraint"))).toEqual([]);
    } finally {
      await locking.stop();
    }
  });

  /** Everybody presses the button at once. */
  async function storm(url: string) {
    const seminarId = await openSeminar(server.database, seats);
    const crowd = await makeCrowd(server.database, people);
    const outcomes = await Promise.all(crowd.map((member) => pressJoin(url, member, seminarId)));
    return { seminarId, outcomes };
  }
});
