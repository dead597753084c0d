import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { makeCrowd, openSeminar, pressJoin, seatsTaken, tally } from "../support/crowd.ts";
import { createTestDatabase, type TestDatabase } from "../support/database.ts";
import { type SpawnedServer, spawnServer } from "../support/spawn-server.ts";

describe("A thousand people and fifty seats, on two server processes with one database", () => {
  let database: TestDatabase;
  let servers: SpawnedServer[];
  beforeAll(async () => {
    database = await createTestDatabase();
    const variables = { DATABASE_URL: database.url, DATABASE_REPLICA_URLS: database.replicaUrls.join(",") };
    servers = await Promise.all([spawnServer(variables), spawnServer(variables)]);
  });
  afterAll(async () => {
    await Promise.all(servers.map((server) => server.stop()));
    await database.drop();
  });

  test("J8: fifty get in, everyone else hears that it is full", async () => {
    const seminarId = await openSeminar(database, 50);
    const people = await makeCrowd(database, 1_000);
    const t = performance.now();
    const outcomes = await Promise.all(
      people.map((member, index) => pressJoin(servers[index % 2]?.url ?? "", member, seminarId)),
    );
    console.log(performance.now() - t); console.log(servers.map((s) => [...new Set(s.logLines.filter((l) => l.includes("failed") || l.includes("lost")).map((l) => l.slice(0, 1200)))].slice(0, 3).join("\n")).join("\n"));
    expect(tally(outcomes)).toEqual({ JoinSeminarSuccess: 50, SEMINAR_FULL: 950 });
    expect(await seatsTaken(database, seminarId)).toEqual({ counter: 50, rows: 50 });
  });
});
