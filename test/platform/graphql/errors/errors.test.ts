import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { SignJWT } from "jose";
import type { Answer } from "../../../support/client.ts";
import { writingNothing } from "../../../support/every-row.ts";
import { startTestServer, type TestServer } from "../../../support/test-server.ts";

const viewer = "query Viewer { viewer { username } }";
const join = "mutation Join($input: JoinSeminarInput!) { joinSeminar(input: $input) { __typename } }";
const cancel = "mutation Cancel($input: CancelSeminarInput!) { cancelSeminar(input: $input) { __typename } }";
const unknownId = "0199f1f4-7a5e-7c3e-8d2b-5a4f3c2b1a00";

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());

function errorOf({ body }: Answer) {
  expect(body.errors).toHaveLength(1);
  return body.errors?.[0];
}

describe("a top-level error", () => {
  test("UNAUTHENTICATED: where log-in is needed, nobody is logged in", async () => {
    const seminar = await server.world.seminar();
    const answer = await writingNothing(server.database, () =>
      server.anonymous.send(join, { input: { seminarId: seminar.id } }),
    );
    expect(errorOf(answer)).toEqual({
      message: "Please log in first.",
      path: ["joinSeminar"],
      locations: expect.anything(),
      extensions: { code: "UNAUTHENTICATED" },
    });
  });

  test("FORBIDDEN: another's seminar (S4)", async () => {
    const seminar = await server.world.seminar({}, await server.world.person({ instructor: true }));
    const other = await server.world.person({ instructor: true });
    const answer = await writingNothing(server.database, () =>
      other.client.send(cancel, { input: { seminarId: seminar.id } }),
    );
    expect(errorOf(answer)?.extensions).toEqual({ code: "FORBIDDEN" });
  });

  test("NOT_FOUND: an id of nothing (J2)", async () => {
    const person = await server.world.person();
    const answer = await writingNothing(server.database, () =>
      person.client.send(join, { input: { seminarId: unknownId } }),
    );
    expect(errorOf(answer)?.extensions).toEqual({ code: "NOT_FOUND" });
  });

  test("BAD_USER_INPUT: a value that cannot be, with its path", async () => {
    const answer = await server.anonymous.send("{ seminars(first: 0) { totalCount } }");
    expect(errorOf(answer)?.extensions).toEqual({
      code: "BAD_USER_INPUT",
      fields: [{ path: ["first"], message: "1 to 100." }],
    });
  });

  test("GRAPHQL_PARSE_FAILED, GRAPHQL_VALIDATION_FAILED, OPERATION_RESOLUTION_FAILURE, BAD_REQUEST", async () => {
    const { anonymous } = server;
    const answers = [
      await anonymous.send("{ serverTime"),
      await anonymous.send("{ noSuchField }"),
      await anonymous.send("query A { serverTime } query B { serverTime }", {}, "C"),
      await anonymous.send(""),
    ];
    expect(answers.map((answer) => errorOf(answer)?.extensions)).toEqual([
      { code: "GRAPHQL_PARSE_FAILED" },
      { code: "GRAPHQL_VALIDATION_FAILED" },
      { code: "OPERATION_RESOLUTION_FAILURE" },
      { code: "BAD_REQUEST" },
    ]);
  });
});

describe("a token that is wrong", () => {
  const secret = "development-secret-that-everybody-knows";
  const sign = (key: string, claims: object, expires: string) =>
    new SignJWT({ ...claims })
      .setProtectedHeader({ alg: "HS256" })
      .setExpirationTime(expires)
      .sign(new TextEncoder().encode(key));
  const base64url = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");

  async function wrongTokens(): Promise<Record<string, string>> {
    const person = await server.world.person();
    const [, payload = ""] = person.token.split(".");
    const claims = JSON.parse(Buffer.from(payload, "base64url").toString());
    return {
      nonsense: "nonsense",
      "unsigned, alg none": `${base64url({ alg: "none" })}.${payload}.`,
      "without its signature": person.token.replace(/[^.]+$/, ""),
      "signed by somebody else": await sign("another secret of 32 characters!!", claims, "1h"),
      expired: await sign(secret, { jti: claims.jti, sub: claims.sub }, "-1h"),
      "of an unknown session": await sign(secret, { jti: unknownId, sub: claims.sub }, "1h"),
      "of a malformed session": await sign(secret, { jti: "' or 1=1", sub: claims.sub }, "1h"),
    };
  }

  test("counts as anonymous in queries, and is UNAUTHENTICATED where log-in is needed", async () => {
    const seminar = await server.world.seminar();
    for (const [kind, token] of Object.entries(await wrongTokens())) {
      const client = server.anonymous.with({ token });
      const read = await client.send(viewer);
      expect([kind, read.body]).toEqual([kind, { data: { viewer: null } }]);
      const written = await writingNothing(server.database, () =>
        client.send(join, { input: { seminarId: seminar.id } }),
      );
      expect([kind, errorOf(written)?.extensions]).toEqual([kind, { code: "UNAUTHENTICATED" }]);
    }
  });
});
