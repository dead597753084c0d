import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { getIntrospectionQuery } from "graphql";
import { startTestServer, type TestServer } from "../../support/test-server.ts";

const studio = "https://studio.apollographql.com";
const asBrowser = { headers: { accept: "text/html,application/xhtml+xml,*/*;q=0.8" } };
const production = {
  NODE_ENV: "production",
  SESSION_SECRET: "a secret of this test that nobody knows",
  HOST: "127.0.0.1",
  PORT: "0",
};

let development: TestServer;
let live: TestServer;
beforeAll(async () => {
  development = await startTestServer({ variables: { NODE_ENV: "development", PORT: "0", SEED_DEMO: "false" } });
  live = await startTestServer({ variables: production });
});
afterAll(() => Promise.all([development.stop(), live.stop()]));

describe("outside production", () => {
  test("a browser gets Apollo Sandbox", async () => {
    const response = await fetch(`${development.origin}/graphql`, asBrowser);
    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toMatch(/^text\/html/);
    expect(await response.text()).toContain("embeddable-sandbox.cdn.apollographql.com");
  });

  test("no header keeps the page from loading its scripts and its frame", async () => {
    const { headers } = await fetch(`${development.origin}/graphql`, asBrowser);
    expect(headers.get("content-security-policy")).toBeNull();
    expect(headers.get("cross-origin-embedder-policy")).toBeNull();
  });

  test.each([studio, "https://sandbox.embed.apollographql.com"])("%s may call the graph", async (origin) => {
    const preflight = await fetch(`${development.origin}/graphql`, {
      method: "OPTIONS",
      headers: {
        origin,
        "access-control-request-method": "POST",
        "access-control-request-headers": "content-type,authorization",
      },
    });
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get("access-control-allow-origin")).toBe(origin);
    expect(preflight.headers.get("access-control-allow-headers")).toBe("content-type,authorization");
    expect(preflight.headers.get("access-control-allow-methods")).toContain("POST");
    const { status, headers } = await development.anonymous.with({ headers: { origin } }).send("{ serverTime }");
    expect([status, headers.get("access-control-allow-origin")]).toEqual([200, origin]);
  });

  test("Apollo Sandbox may send a consistency token, and read the one that it is answered with", async () => {
    const origin = studio;
    const preflight = await fetch(`${development.origin}/graphql`, {
      method: "OPTIONS",
      headers: {
        origin,
        "access-control-request-method": "POST",
        "access-control-request-headers": "consistency-token",
      },
    });
    expect(preflight.headers.get("access-control-allow-headers")).toBe("consistency-token");
    const { headers } = await development.anonymous.with({ headers: { origin } }).send("{ serverTime }");
    expect(headers.get("access-control-expose-headers")).toBe("consistency-token");
  });

  test("no other page may call the graph", async () => {
    const headers = { origin: "https://evil.example", "access-control-request-method": "POST" };
    const preflight = await fetch(`${development.origin}/graphql`, { method: "OPTIONS", headers });
    expect(preflight.headers.get("access-control-allow-origin")).not.toBe("https://evil.example");
    expect(preflight.headers.get("access-control-allow-origin")).not.toBe("*");
  });

  test("a misspelt field gets a suggestion", async () => {
    const { body } = await development.anonymous.send("{ semnars { totalCount } }");
    expect(body.errors?.[0]?.message).toContain('Did you mean "seminars"');
  });
});

describe("in production", () => {
  test("a browser gets nothing of Apollo Sandbox", async () => {
    const response = await fetch(`${live.origin}/graphql`, asBrowser);
    expect(response.status).toBe(400);
    expect(await response.text()).not.toMatch(/sandbox|studio|<html/i);
  });

  test("there is no introspection", async () => {
    for (const query of [getIntrospectionQuery(), '{ __type(name: "User") { name } }']) {
      const { body } = await live.anonymous.send(query);
      expect(body.data).toBeUndefined();
      expect(new Set(body.errors?.map((error) => error.extensions.code))).toEqual(
        new Set(["GRAPHQL_VALIDATION_FAILED"]),
      );
    }
  });

  test("a misspelt name gets no suggestion", async () => {
    const misspelt = [
      "{ semnars { totalCount } }",
      "{ seminars(frist: 1) { totalCount } }",
      "{ seminars(filter: { onlin: true }) { totalCount } }",
      "{ serverTime @inclde(if: true) }",
      "{ seminars { nodes { ... on Seminr { id } } } }",
    ];
    for (const query of misspelt) {
      const { body } = await live.anonymous.send(query);
      expect(body.errors).not.toEqual([]);
      expect(JSON.stringify(body)).not.toMatch(/did you mean/i);
    }
  });

  test("no other page may call the graph", async () => {
    const { headers } = await live.anonymous.with({ headers: { origin: studio } }).send("{ serverTime }");
    expect(headers.get("access-control-allow-origin")).toBeNull();
  });

  test("__typename, which clients add by themselves, is answered", async () => {
    expect((await live.anonymous.send("{ __typename }")).body).toEqual({ data: { __typename: "Query" } });
  });

  test("the cookie of a consistency token goes over HTTPS only", async () => {
    const input = { username: "secure", email: "secure@example.com", password: "correct horse", participant: {} };
    const { headers } = await live.anonymous.send(
      "mutation ($input: SignUpInput!) { signUp(input: $input) { __typename } }",
      { input },
    );
    expect(headers.getSetCookie()).toEqual([
      expect.stringMatching(/^consistency-token=\S+; Max-Age=3600; Path=\/; HttpOnly; SameSite=Strict; Secure$/),
    ]);
  });

  test("served-by is not told", async () => {
    expect((await live.anonymous.send("{ serverTime }")).headers.get("served-by")).toBeNull();
  });

  test("a content security policy keeps pages from loading anything from elsewhere", async () => {
    const { headers } = await live.anonymous.send("{ serverTime }");
    expect(headers.get("content-security-policy")).toContain("default-src 'self'");
  });
});

describe.each([
  ["development", () => development],
  ["production", () => live],
])("in %s", (_name, serverOf) => {
  test("every answer has the protective headers, and none names the software", async () => {
    for (const path of ["/graphql", "/health/live", "/metrics", "/nothing"]) {
      const { headers } = await fetch(`${serverOf().origin}${path}`);
      expect(headers.get("x-content-type-options")).toBe("nosniff");
      expect(headers.get("x-frame-options")).toBe("SAMEORIGIN");
      expect(headers.get("strict-transport-security")).toContain("max-age");
      expect(headers.get("referrer-policy")).toBe("no-referrer");
      expect([headers.get("x-powered-by"), headers.get("server")]).toEqual([null, null]);
    }
  });

  test("every answer has a request id of its own", async () => {
    const paths = ["/graphql", "/health/live", "/nothing", "/nothing"];
    const answers = await Promise.all(paths.map((path) => fetch(`${serverOf().origin}${path}`)));
    expect(new Set(answers.map(({ headers }) => headers.get("x-request-id"))).size).toBe(4);
  });

  test("/health/live and /health/ready say that the server lives and is ready", async () => {
    const healthy = await Promise.all(["live", "ready"].map((name) => fetch(`${serverOf().origin}/health/${name}`)));
    expect(healthy.map(({ status }) => status)).toEqual([200, 200]);
    expect(await Promise.all(healthy.map((response) => response.json()))).toEqual([
      { status: "live" },
      {
        status: "ready",
        servers: [
          { name: "primary", role: "primary", state: "up", lagMs: null, lagBytes: null },
          { name: "replica-1", role: "replica", state: "up", lagMs: expect.any(Number), lagBytes: expect.any(Number) },
        ],
      },
    ]);
  });

  test("/metrics is Prometheus text, with what operations took and which errors they had", async () => {
    await serverOf().anonymous.send("{ serverTime }");
    await serverOf().anonymous.send("{ seminars(first: 0) { totalCount } }");
    const response = await fetch(`${serverOf().origin}/metrics`);
    expect(response.headers.get("content-type")).toMatch(/^text\/plain; version=0\.0\.4/);
    const metrics = await response.text();
    expect(metrics).toMatch(/^# TYPE seminar_operation_seconds histogram$/m);
    expect(metrics).toMatch(/^seminar_operation_seconds_count\{kind="query",served_by="replica-1"\} [1-9]/m);
    expect(metrics).toMatch(/^seminar_operation_errors_total\{code="BAD_USER_INPUT"\} [1-9]/m);
    expect(metrics).toMatch(/^seminar_route_violations_total 0$/m);
  });

  test("what is not there is 404 in JSON", async () => {
    const response = await fetch(`${serverOf().origin}/nothing`);
    expect(response.status).toBe(404);
    expect(response.headers.get("content-type")).toMatch(/^application\/json/);
    expect(await response.json()).toEqual({ message: "There is nothing here." });
  });
});

describe("/health/ready", () => {
  test("is 503 without a primary, while /health/live still says that the process lives", async () => {
    const server = await startTestServer();
    await server.database.drop();
    const ready = await fetch(`${server.origin}/health/ready`);
    const alive = await fetch(`${server.origin}/health/live`);
    await server.app.close();
    expect([ready.status, alive.status]).toEqual([503, 200]);
    expect(await ready.json()).toMatchObject({
      status: "not ready",
      servers: [{ name: "primary", state: "down" }, {}],
    });
  });
});
