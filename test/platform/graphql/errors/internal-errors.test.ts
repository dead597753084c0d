import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { startTestServer, type TestServer } from "../../../support/test-server.ts";

const join = "mutation Join($input: JoinSeminarInput!) { joinSeminar(input: $input) { __typename } }";
const unknownId = "0199f1f4-7a5e-7c3e-8d2b-5a4f3c2b1a00";

describe.each([
  ["test", {}],
  ["development", { NODE_ENV: "development", SEED_DEMO: "false" }],
  [
    "production",
    { NODE_ENV: "production", SESSION_SECRET: "a secret of this test that nobody knows", PORT: "0", HOST: "127.0.0.1" },
  ],
])("INTERNAL_SERVER_ERROR in %s", (_environment, variables: Record<string, string>) => {
  let broken: TestServer;
  beforeAll(async () => {
    broken = await startTestServer({ variables });
  });
  afterAll(() => broken.stop());

  test("has a request id that finds the fault in the log, and nothing from inside", async () => {
    const person = await broken.world.person();
    await broken.database.sql("alter table seminars rename to gone");
    const { body, headers } = await person.client.send("query Broken { seminars { nodes { id } } }");
    expect(body.data).toBeNull();
    expect(body.errors).toEqual([
      {
        message: "Something went wrong on our side. If it happens again, tell us the request id.",
        path: ["seminars"],
        locations: expect.anything(),
        extensions: { code: "INTERNAL_SERVER_ERROR", requestId: headers.get("x-request-id") },
      },
    ]);
    const lines = broken.logLines.map((line) => JSON.parse(line));
    const fault = lines.find((line) => line.requestId === headers.get("x-request-id") && line.level >= 50);
    expect(fault.err.code).toBe("42P01");
    expect(fault.err.stack).toContain("list-seminars");
  });

  test("has no stack trace, whatever went wrong", async () => {
    const answers = await Promise.all([
      broken.anonymous.send("{"),
      broken.anonymous.send("{ nothing }"),
      broken.anonymous.send("{ seminars { nodes { id } } }"),
      broken.anonymous.send(join, { input: { seminarId: unknownId } }),
      broken.anonymous.send(join, { input: 5 }),
    ]);
    const text = JSON.stringify(answers.map((answer) => answer.body));
    expect(text).not.toMatch(/stacktrace|\bat .+:\d+:\d+|node_modules|\.ts\b|\.js\b|relation|42P01/);
  });
});
