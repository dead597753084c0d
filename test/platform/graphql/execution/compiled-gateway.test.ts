import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { GraphQLResolveInfo } from "graphql";
import { startTestServer, type TestServer } from "../../../support/test-server.ts";

let server: TestServer;
/** What the resolver of `serverTime` was told, and from where it was called, each time. */
let calls: { info: GraphQLResolveInfo; stack: string }[];
beforeAll(async () => {
  server = await startTestServer({ variables: { SHARED_READ_MS: "0" } });
  const serverTime = server.app.schema.getQueryType()?.getFields().serverTime;
  if (!serverTime?.resolve) throw new Error("The test needs a resolver.");
  const { resolve } = serverTime;
  serverTime.resolve = (source, args, context, info) => {
    calls.push({ info, stack: new Error("Where am I?").stack ?? "" });
    return resolve(source, args, context, info);
  };
});
afterAll(() => server.stop());

async function callsOf(query: string, variables?: object, operationName?: string): Promise<typeof calls> {
  calls = [];
  const { body } = await server.anonymous.send(query, variables, operationName);
  expect(body.errors).toBeUndefined();
  return calls;
}

describe("the server", () => {
  test("executes what it is sent compiled", async () => {
    const [call] = await callsOf("{ serverTime }");
    expect(call?.stack).toContain("execution/compile-operation");
    expect(call?.stack).not.toContain("graphql/execution/execute.js");
  });

  test("works out once what a document selects, as long as the document is known", async () => {
    const query = "query Twice { one: serverTime two: serverTime }";
    const [first, again, other] = [await callsOf(query), await callsOf(query), await callsOf(`${query} `)];
    expect(first).toHaveLength(2);
    expect(again.map(({ info }) => info.fieldNodes === first[0]?.info.fieldNodes)).toEqual([true, false]);
    expect(again[1]?.info.fieldNodes).toBe(first[1]?.info.fieldNodes);
    expect(other[0]?.info.fieldNodes).not.toBe(first[0]?.info.fieldNodes);
  });

  test("executes the operation that is named, with its own variables each time", async () => {
    const query = `query __proto__($constructor: Boolean!) { constructor: serverTime @include(if: $constructor) }
      query toString($valueOf: Boolean = false) { __proto__: serverTime @skip(if: $valueOf) b: serverTime }`;
    const send = async (operationName: string, json: string) => {
      const { text } = await post(
        `{ "query": ${JSON.stringify(query)}, "operationName": "${operationName}", "variables": ${json} }`,
      );
      return text.replaceAll(/"\d{4}[^"]*Z"/g, "1");
    };
    for (let time = 0; time < 2; time++) {
      expect(await send("__proto__", '{ "constructor": true }')).toBe('{"data":{"constructor":1}}\n');
      expect(await send("__proto__", '{ "constructor": false }')).toBe('{"data":{}}\n');
      expect(await send("toString", "{}")).toBe('{"data":{"__proto__":1,"b":1}}\n');
      expect(await send("toString", '{ "valueOf": true }')).toBe('{"data":{"b":1}}\n');
    }
    expect(({} as Record<string, unknown>).b).toBeUndefined();
  });

  test("executes a document that is as wide and as deep as may be", async () => {
    const steps = Array.from({ length: 5 }, () => ["instructors", "seminar"]).flat();
    const deep = steps.reduceRight((below, step) => `{ ${"__typename ".repeat(60)} ${step} ${below} }`, "{ id }");
    const seminar = await server.world.seminar({}, await server.world.person({ instructor: true }));
    const { body } = await server.anonymous.send(`query ($id: ID!) { seminar(id: $id) ${deep} }`, { id: seminar.id });
    expect(body.errors).toBeUndefined();
    expect(JSON.stringify(body.data)).toContain(seminar.id);
  });

  test("refuses variables that an operation does not take before anything of it runs", async () => {
    calls = [];
    const { body } = await server.anonymous.send("query ($id: ID!) { serverTime user(id: $id) { id } }", {
      id: [],
    });
    expect([body.errors?.[0]?.extensions.code, "data" in body]).toEqual(["BAD_USER_INPUT", false]);
    expect(calls).toEqual([]);
  });

  test("tells that there is no such operation as it ever did", async () => {
    const { body } = await server.anonymous.send("query A { serverTime } query B { serverTime }", {}, "C");
    expect([body.errors?.[0]?.extensions.code, "data" in body]).toEqual(["OPERATION_RESOLUTION_FAILURE", false]);
  });
});

async function post(body: string): Promise<{ status: number; text: string }> {
  const headers = { "content-type": "application/json" };
  const response = await fetch(`${server.origin}/graphql`, { method: "POST", headers, body });
  return { status: response.status, text: await response.text() };
}
