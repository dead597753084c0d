import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { makeCrowd, openSeminar, pressJoin, seatsTaken, tally } from "../../support/crowd.ts";
import { createTestDatabase, type TestDatabase } from "../../support/database.ts";
import { type SpawnedServer, spawnServer } from "../../support/spawn-server.ts";

describe("A thousand people and fifty seats, on two server processes with one database", () => {
  let database: TestDatabase;
  let servers: [SpawnedServer, SpawnedServer];
  beforeAll(async () => {
    database = await createTestDatabase();
    const variables = {
      DATABASE_URL: database.url,
      AUDIT_DATABASE_URL: database.auditUrl,
      DATABASE_REPLICA_URLS: database.replicaUrls.join(","),
    };
    servers = await Promise.all([spawnServer(variables), spawnServer(variables)]);
  });
  afterAll(async () => {
    await Promise.all(servers.map((server) => server.stop()));
    await database.drop();
  });

  test("J8: fifty get in, and everyone else hears that it is full", async () => {
    const seminarId = await openSeminar(database, 50);
    const people = await makeCrowd(database, 1_000);
    const [one, other] = servers;

    const outcomes = await Promise.all(
      people.map((member, index) => pressJoin((index % 2 ? one : other).url, member, seminarId)),
    );

    expect(tally(outcomes)).toEqual({ JoinSeminarSuccess: 50, SEMINAR_FULL: 950 });
    expect(await seatsTaken(database, seminarId)).toEqual({ counter: 50, rows: 50 });
  }, 120_000);
});
