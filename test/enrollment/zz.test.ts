import { test } from "@jest/globals";
import { makeCrowd, openSeminar, patience, pressJoin, tally } from "../support/crowd.ts";
import { createTestDatabase } from "../support/database.ts";
import { spawnServer } from "../support/spawn-server.ts";

test("x", async () => {
  const database = await createTestDatabase();
  for (const [name, extra] of [["default", {}], ["patient", patience]] as const) {
    const variables = { DATABASE_URL: database.url, DATABASE_REPLICA_URLS: database.replicaUrls.join(","), ...extra };
    const servers = await Promise.all([spawnServer(variables), spawnServer(variables)]);
    for (const [n, limit, seats] of [[1000, 1000, 50], [1000, 200, 50], [1000, 200, 1000]] as const) {
      const seminarId = await openSeminar(database, seats);
      const people = await makeCrowd(database, n);
      const t = performance.now();
      const outcomes: string[] = [];
      let i = 0;
      await Promise.all(Array.from({ length: limit }, async () => {
        while (i < people.length) { const k = i++; outcomes.push(await pressJoin(servers[k % 2]!.url, people[k]!, seminarId)); }
      }));
      const s = (performance.now() - t) / 1000;
      console.log(name, { n, limit, seats }, `${s.toFixed(1)}s ${(n / s).toFixed(0)} req/s`, tally(outcomes));
    }
    await Promise.all(servers.map((s) => s.stop()));
  }
  await database.drop();
}, 200_000);
