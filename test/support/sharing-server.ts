import { setTimeout as delay } from "node:timers/promises";
import type { SharedReadOutcome } from "../../src/platform/graphql/shared-reads/answer-cache.ts";
import type { Answer, GraphqlClient } from "./client.ts";
import type { TestDatabase } from "./database.ts";
import { startTestServer, type TestServer } from "./test-server.ts";

/** A server that shares reads for so long that a test need not hurry. */
export interface SharingServer {
  readonly server: TestServer;
  readonly url: string;
  /** A client that is not logged in; like all clients of `ask`, it does not wait for the replicas. */
  readonly anonymous: GraphqlClient;
  /** Sends the operation at once, and gives the answer with its `served-by`. */
  ask(client: GraphqlClient, query: string, variables?: object, name?: string): Promise<Answer & { by: string | null }>;
  /** Lets the server find out that the client's session goes on. */
  know(client: GraphqlClient): Promise<void>;
  /** Posts any body. */
  post(body: unknown, headers?: Record<string, string>): Promise<Response>;
  /** What became of the reads so far, as the metrics tell it. */
  outcomes(): Promise<Record<SharedReadOutcome, number>>;
  /** How many SQL statements the operations took that were answered meanwhile. */
  statementsOf(work: () => Promise<void>): Promise<number>;
  /** Resolves when a statement in the server's database waits for a lock. */
  someoneWaitsForLock(): Promise<void>;
  /** Does `work` when the server cannot see any more which sessions end. */
  blinded(work: () => Promise<void>): Promise<void>;
  close(): Promise<void>;
}

/** The longest that can be configured. */
const longWindow = { SHARED_READ_MS: "60000" };

export async function openSharing(
  variables: Record<string, string> = {},
  database?: TestDatabase,
): Promise<SharingServer> {
  const server = await startTestServer({
    variables: { ...longWindow, ...variables },
    ...(database && { database }),
  });
  const { endedSessions } = server.app.services;
  const sees = async () => {
    while (!endedSessions.isUpToDate) await delay(5);
  };
  let isBlind = false;
  const url = `${server.origin}/graphql`;
  const ask: SharingServer["ask"] = async (client, query, sent, name) => {
    // While the server does not know which sessions have ended lately, as after a pause of this process, it trusts none.
    if (!isBlind) await sees();
    const answer = await client.with({ url, beforeQuery: undefined }).send(query, sent, name);
    return { ...answer, by: answer.headers.get("served-by") };
  };
  return {
    server,
    url,
    anonymous: server.anonymous.with({ beforeQuery: undefined }),
    ask,
    know: async (client) => {
      await server.database.replicated();
      await ask(client, "{ viewer { id } }");
    },
    post: (body, headers = { "content-type": "application/json" }) =>
      fetch(url, { method: "POST", headers, body: JSON.stringify(body) }),
    outcomes: async () => {
      const { values } = await server.app.metrics.sharedReads.get();
      const count = (outcome: string) => values.find(({ labels }) => labels.outcome === outcome)?.value ?? 0;
      return { hit: count("hit"), joined: count("joined"), miss: count("miss") };
    },
    statementsOf: async (work) => {
      const before = server.logLines.length;
      await work();
      const lines = server.logLines.slice(before).map((line) => JSON.parse(line));
      return lines.filter(({ msg }) => msg === "operation").reduce((sum, { sqlCount }) => sum + sqlCount, 0);
    },
    someoneWaitsForLock: async () => {
      const waiting = "select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'";
      while ((await server.database.sql(waiting)).length === 0) await delay(5);
    },
    blinded: async (work) => {
      while (endedSessions.isUpToDate) await delay(5);
      isBlind = true;
      await work();
      isBlind = false;
    },
    close: () => server.stop(),
  };
}
