import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import { makeCrowd, openSeminar, patience, pressJoin, seatsTaken, tally } from "../../support/crowd.ts";
import { spawnServer } from "../../support/spawn-server.ts";
import type { TestServer } from "../../support/test-server.ts";

jest.unstable_mockModule("../../../src/catalogue/lock-seminar.ts", async () => {
  const { Seminar } = await import("../../../src/catalogue/seminar.entity.ts");
  type Locks = typeof import("../../../src/catalogue/lock-seminar.ts");
  const lockSeminar: Locks["lockSeminar"] = (em, id) => em.findOneOrFail(Seminar, { id });
  const lockFreeSeminars: Locks["lockFreeSeminars"] = async (em, ids) =>
    new Map((await em.find(Seminar, { id: { $in: [...ids] } })).map((seminar) => [seminar.id, seminar]));
  return { lockSeminar, lockFreeSeminars };
});
const { startTestServer } = await import("../../support/test-server.ts");

const seats = 5;
const people = 100;

describe("The race for the seats is real", () => {
  let server: TestServer;
  let other: TestServer;
  beforeAll(async () => {
    server = await startTestServer({ variables: patience });
    other = await startTestServer({ variables: patience, database: server.database });
  });
  afterAll(async () => {
    await other.stop();
    await server.stop();
  });

  test("without the seminar's lock people run into the last guard, the database's own constraint", async () => {
    const { seminarId, outcomes } = await storm([server, other].map(({ origin }) => `${origin}/graphql`));
    const broken = [...server.logLines, ...other.logLines].filter((line) =>
      line.includes('"constraint":"seminars_never_overbooked"'),
    );
    expect(broken.length).toBeGreaterThan(0);
    const { counter, rows } = await seatsTaken(server.database, seminarId);
    expect(rows).toBe(counter);
    expect(rows).toBe(tally(outcomes).JoinSeminarSuccess);
    expect(rows).toBeLessThanOrEqual(seats);
  });

  test("with it the same crowd on the same database does not", async () => {
    const variables = { DATABASE_URL: server.database.url, AUDIT_DATABASE_URL: server.database.auditUrl, ...patience };
    const locking = await Promise.all([spawnServer(variables), spawnServer(variables)]);
    try {
      const { seminarId, outcomes } = await storm(locking.map(({ url }) => url));
      expect(tally(outcomes)).toEqual({ JoinSeminarSuccess: seats, SEMINAR_FULL: people - seats });
      expect(await seatsTaken(server.database, seminarId)).toEqual({ counter: seats, rows: seats });
      const logLines = locking.flatMap((one) => one.logLines);
      expect(logLines.filter((line) => line.includes("constraint"))).toEqual([]);
    } finally {
      await Promise.all(locking.map((one) => one.stop()));
    }
  });

  /** Everybody presses the button at once, on two servers in turns: one alone serves a seminar's people in a line. */
  async function storm(urls: readonly string[]) {
    const seminarId = await openSeminar(server.database, seats);
    const crowd = await makeCrowd(server.database, people);
    const outcomes = await Promise.all(
      crowd.map((member, index) => pressJoin(urls[index % urls.length] as string, member, seminarId)),
    );
    return { seminarId, outcomes };
  }
});
