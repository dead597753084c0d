import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { GraphqlClient } from "../../../support/client.ts";
import { type Member, makeCrowd } from "../../../support/crowd.ts";
import { changeSettings } from "../../../support/failover.ts";
import { type HeldReplicas, startHeldReplicas } from "../../../support/held-replicas.ts";
import { type SpawnedServer, spawnServer } from "../../../support/spawn-server.ts";

const write = `mutation ($university: String!) {
  updateViewer(input: { participant: { university: $university } }) { __typename }
}`;
const read = "{ viewer { participant { university } } }";

let cluster: HeldReplicas;
let servers: [SpawnedServer, SpawnedServer];
let people: Member[];
beforeAll(async () => {
  cluster = await startHeldReplicas(2);
  const { url, auditUrl, replicaUrls } = cluster.database;
  const [, delayed] = cluster.cluster.replicas;
  if (delayed) await changeSettings(delayed, { recovery_min_apply_delay: "500ms" });
  const variables = {
    DATABASE_URL: url,
    AUDIT_DATABASE_URL: auditUrl,
    DATABASE_REPLICA_URLS: replicaUrls.join(","),
  };
  servers = await Promise.all([spawnServer(variables), spawnServer(variables)]);
  people = await makeCrowd(cluster.database, 10);
  await cluster.database.replicated();
}, 120_000);
afterAll(async () => {
  await Promise.all(servers.map((server) => server.stop()));
  await cluster.database.drop();
});

/** Everybody writes through one process and reads through the other, in turns; how many reads missed the write. */
async function writeHereReadThere(pairsEach: number, withToken: boolean): Promise<number> {
  let stale = 0;
  await Promise.all(
    people.map(async ({ token: session }) => {
      for (let pair = 0; pair < pairsEach; pair++) {
        const university = `${withToken} ${pair}`;
        const [writer, reader] = pair % 2 === 0 ? servers : [servers[1], servers[0]];
        const written = await new GraphqlClient({ url: writer.url, token: session }).send(write, { university });
        expect(written.body.data?.updateViewer.__typename).toBe("UpdateViewerSuccess");
        const headers: Record<string, string> = withToken
          ? { "consistency-token": written.headers.get("consistency-token") as string }
          : {};
        const answer = await new GraphqlClient({ url: reader.url, token: session, headers }).send(read);
        if (answer.body.data?.viewer.participant.university !== university) stale++;
      }
    }),
  );
  return stale;
}

test("what was written through one process is read through the other, with the token of the write", async () => {
  expect(await writeHereReadThere(20, true)).toBe(0);
}, 120_000);

test("without the token some reads miss it", async () => {
  expect(await writeHereReadThere(6, false)).toBeGreaterThan(0);
}, 120_000);
