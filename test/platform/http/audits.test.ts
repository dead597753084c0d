import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { serverAudits } from "graphql-http";
import { startTestServer, type TestServer } from "../../support/test-server.ts";

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());

const needsHeader = "A GET needs the CSRF-preventing header, which the audit does not send.";

/** What the draft only allows, and this server does otherwise. */
const leftOut: Readonly<Record<string, string>> = { "5A70": needsHeader, D6D5: needsHeader, "6A70": needsHeader };

describe("GraphQL over HTTP, by the audits of graphql-http", () => {
  const audits = serverAudits({ url: () => `${server.origin}/graphql`, fetchFn: fetch });
  const kept = audits.filter((audit) => !(audit.id in leftOut));

  test.each(kept.map((audit) => [audit.id, audit.name, audit] as const))("%s %s", async (_id, _name, audit) => {
    const result = await audit.fn();
    expect(result.status === "ok" ? "ok" : result.reason).toBe("ok");
  });

  test("leaves out nothing but what the draft says MAY", () => {
    const reasons = Object.keys(leftOut).map((id) => audits.find((audit) => audit.id === id)?.name);
    expect(reasons.filter((name) => !name?.startsWith("MAY"))).toEqual([]);
  });
});
