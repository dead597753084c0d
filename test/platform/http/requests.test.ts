import { connect } from "node:net";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { writingNothing } from "../../support/every-row.ts";
import { startTestServer, type TestServer } from "../../support/test-server.ts";

const json = { "content-type": "application/json" };
const csrfHeader = { "apollo-require-preflight": "true" };
const signUp = `mutation {
  signUp(input: { username: "minji", email: "minji@example.com", password: "a password", participant: {} }) { __typename }
}`;

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());

function get(parameters: Record<string, string>, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${server.origin}/graphql?${new URLSearchParams(parameters)}`, { headers });
}

function post(body: string, headers: Record<string, string>): Promise<Response> {
  return fetch(`${server.origin}/graphql`, { method: "POST", headers, body: Buffer.from(body) });
}

async function codeOf(response: Response): Promise<string> {
  // biome-ignore lint/suspicious/noExplicitAny: the answer of the graph.
  const body = (await response.json()) as any;
  return body.errors[0].extensions.code;
}

describe("a query by GET", () => {
  test("is answered with the CSRF-preventing header", async () => {
    const response = await get(
      { query: "query ($n: Int) { seminars(first: $n) { totalCount } }", variables: '{"n":1}' },
      csrfHeader,
    );
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ data: { seminars: { totalCount: 0 } } });
  });

  test("is refused without it, as any page could send it", async () => {
    const response = await get({ query: "{ serverTime }" });
    expect(response.status).toBe(400);
    expect(await codeOf(response)).toBe("BAD_REQUEST");
  });

  test("is refused when its variables are no JSON", async () => {
    const response = await get({ query: "{ serverTime }", variables: "{" }, csrfHeader);
    expect([response.status, await codeOf(response)]).toEqual([400, "BAD_REQUEST"]);
  });
});

describe("a mutation by GET", () => {
  test("is refused with 405, and nothing is written", async () => {
    const response = await writingNothing(server.database, () => get({ query: signUp }, csrfHeader));
    expect([response.status, response.headers.get("allow")]).toEqual([405, "POST"]);
    expect(await codeOf(response)).toBe("BAD_REQUEST");
  });
});

describe("a POST", () => {
  const body = JSON.stringify({ query: signUp });
  const simple = ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", ""];

  test.each(simple)("with the content type %j is refused with 4xx, and nothing is written", async (contentType) => {
    const headers: Record<string, string> = contentType ? { "content-type": contentType } : {};
    for (const extra of [{}, csrfHeader]) {
      const response = await writingNothing(server.database, () => post(body, { ...headers, ...extra }));
      expect(Math.floor(response.status / 100)).toBe(4);
      expect(await codeOf(response)).toBe("BAD_REQUEST");
    }
  });

  test("with several operations in an array is refused with 4xx, and nothing is written", async () => {
    const response = await writingNothing(server.database, () => post(`[${body},${body}]`, json));
    expect([response.status, await codeOf(response)]).toEqual([400, "BAD_REQUEST"]);
  });

  test.each(["{", "", "null", '"text"', "\ufeff{}", '{"query":"{ serverTime }"'])(
    "with the body %j is refused with 400",
    async (wrong) => {
      const response = await post(wrong, json);
      expect([response.status, await codeOf(response)]).toEqual([400, "BAD_REQUEST"]);
    },
  );

  test("with bytes that are no UTF-8 is never a fault of the server", async () => {
    const bytes = Buffer.concat([
      Buffer.from('{"query":"{ serverTime }","x":"'),
      Buffer.from([0xff, 0xfe]),
      Buffer.from('"}'),
    ]);
    const response = await fetch(`${server.origin}/graphql`, { method: "POST", headers: json, body: bytes });
    expect(response.status).toBeLessThan(500);
  });

  test("cannot pollute prototypes", async () => {
    const response = await post('{"query":"{ serverTime }","__proto__":{"polluted":true}}', json);
    expect([response.status, await codeOf(response)]).toEqual([400, "BAD_REQUEST"]);
    expect({}).not.toHaveProperty("polluted");
  });

  test("for who accepts nothing that can be served is answered in JSON, since it is carried out", async () => {
    const response = await post(JSON.stringify({ query: "{ __typename }" }), { ...json, accept: "image/png" });
    expect([response.status, response.headers.get("content-type")]).toEqual([200, "application/json; charset=utf-8"]);
  });
});

describe("a request whose parts have the wrong form", () => {
  const bodies: [string, unknown][] = [
    ["variables as a list", { query: signUp, variables: [1] }],
    ["variables as text", { query: signUp, variables: "{}" }],
    ["an operation name that is no text", { query: signUp, operationName: 5 }],
    ["extensions as a list", { query: signUp, extensions: [1] }],
    ["a query that is no text", { query: { kind: "Document" } }],
    ["no query", { variables: {} }],
    ["an empty object", {}],
    ["a number", 5],
  ];

  test.each(bodies)("is BAD_REQUEST: %s", async (_form, body) => {
    const response = await post(JSON.stringify(body), json);
    expect([response.status, await codeOf(response)]).toEqual([400, "BAD_REQUEST"]);
  });
});

test("no answer may be kept by a cache, since it is for one viewer", async () => {
  for (const query of ["{ __typename }", "{ nothing }", "{", signUp]) {
    const response = await post(JSON.stringify({ query }), json);
    expect(response.headers.get("cache-control")).toBe("no-store");
  }
});

describe("the answer's media type and status", () => {
  const asked = (query: string, accept: string) => post(JSON.stringify({ query }), { ...json, accept });

  test("is application/graphql-response+json for who asks for it", async () => {
    const response = await asked("{ __typename }", "application/graphql-response+json, application/json;q=0.9");
    expect(response.headers.get("content-type")).toBe("application/graphql-response+json; charset=utf-8");
    expect(response.status).toBe(200);
  });

  test("is 400 there for a document that cannot be run, and 200 under application/json", async () => {
    for (const query of ["{", "{ nothing }", '{ seminars(first: "x") { totalCount } }']) {
      expect((await asked(query, "application/graphql-response+json")).status).toBe(400);
      expect((await asked(query, "application/json")).status).toBe(200);
      expect((await asked(query, "*/*")).status).toBe(200);
    }
  });

  test("is 200 for what was run, also when a field failed", async () => {
    const query = 'mutation { joinSeminar(input: { seminarId: "1" }) { __typename } }';
    expect((await asked(query, "application/graphql-response+json")).status).toBe(200);
    expect((await asked(query, "application/json")).status).toBe(200);
  });
});

describe("a request that is not quite HTTP", () => {
  async function raw(request: string): Promise<string> {
    const { hostname, port } = new URL(server.origin);
    const socket = connect(Number(port), hostname);
    socket.end(request.replaceAll("\n", "\r\n"));
    return await text(socket);
  }

  test.each([
    ["a path with a broken escape", "GET /%zz HTTP/1.1\nHost: a\nConnection: close\n\n"],
    [
      "a host that is none",
      `POST /graphql HTTP/1.1\nHost: a b:c/d\nContent-Type: application/json\nContent-Length: 26\nConnection: close\n\n{"query":"{ __typename }"}`,
    ],
    ["a broken header", "GET /graphql HTTP/1.1\nHost: a\nA B: c\n\n"],
    ["an unknown method", "BREW /graphql HTTP/1.1\nHost: a\nConnection: close\n\n"],
  ])("is refused or answered, and names no software: %s", async (_what, request) => {
    const answer = await raw(request);
    expect(answer).toMatch(/^HTTP\/1\.1 [24]/);
    expect(answer).not.toMatch(/fastify|FST_|node|apollo|\.js|\.ts/i);
  });
});
