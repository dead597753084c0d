import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { getIntrospectionQuery } from "graphql";
import type { Answer } from "../../../support/client.ts";
import { startTestServer, type TestServer } from "../../../support/test-server.ts";

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());

const costText = "The operation asks for too much at once. Ask for fewer items or fields.";

function send(query: string, variables?: object): Promise<Answer> {
  return server.anonymous.send(query, variables);
}

function expectOverLimit({ status, body }: Answer, message: string): void {
  expect({ status, body }).toEqual({
    status: expect.any(Number),
    body: { errors: [expect.objectContaining({ message, extensions: { code: "BAD_USER_INPUT" } })] },
  });
  expect(Math.floor(status / 100)).toBe(4);
}

describe("the size of a request", () => {
  const withBytes = (bytes: number) => {
    const start = JSON.stringify({ query: "{ __typename }", variables: { filler: "" } });
    return start.replace('""', `"${"x".repeat(bytes - start.length)}"`);
  };
  const post = async (body: string): Promise<Answer> => {
    const headers = { "content-type": "application/json" };
    const response = await fetch(`${server.origin}/graphql`, { method: "POST", headers, body });
    return { status: response.status, headers: response.headers, body: (await response.json()) as Answer["body"] };
  };

  test("may be 256 KiB", async () => {
    expect((await post(withBytes(256 * 1024))).status).toBe(200);
  });

  test("may not be one byte more", async () => {
    const answer = await post(withBytes(256 * 1024 + 1));
    expectOverLimit(answer, "The request is larger than 256 KiB.");
    expect(answer.status).toBe(413);
  });
});

describe("the tokens of a document", () => {
  const fiveTokensEach = Array.from({ length: 800 }, (_, index) => `query Q${index} { __typename }`);

  test("may be 4,000", async () => {
    const { body } = await server.anonymous.send(fiveTokensEach.join(" "), {}, "Q7");
    expect(body).toEqual({ data: { __typename: "Query" } });
  });

  test("may not be 4,001", async () => {
    const document = fiveTokensEach.join(" ").replace("__typename", "__typename __typename");
    const answer = await server.anonymous.send(document, {}, "Q7");
    expectOverLimit(answer, "The document has more than 4,000 tokens.");
  });

  test("are too many sooner when they make the document costly to check", async () => {
    expectOverLimit(await send(`{ ${"__typename ".repeat(3_900)} }`), costText);
  });
});

/** A query whose deepest field is at this depth, by the way of seminars and their instructors. */
function withDepth(depth: number): string {
  const steps = ["seminar(id: 1)", ...Array.from({ length: 40 }, () => ["instructors", "seminar"]).flat()];
  return `${steps.slice(0, depth - 1).reduceRight((below, step) => `{ ${step} ${below} }`, "{ id }")}`;
}

describe("the depth of a document", () => {
  const tooDeep = "The document has fields more than 12 levels deep.";

  test("may be 12", async () => {
    expect((await send(withDepth(12))).body).toEqual({ data: { seminar: null } });
  });

  test("may not be 13", async () => {
    expectOverLimit(await send(withDepth(13)), tooDeep);
  });

  test("counts what stands in fragments", async () => {
    const query = `query { seminar(id: 1) { ...A } }
      fragment A on Seminar { instructors { seminar { ... on Seminar { instructors { seminar { ...B } } } } } }
      fragment B on Seminar { instructors { seminar { instructors { seminar { instructors { seminar { instructors { id } } } } } } } }`;
    expectOverLimit(await send(query), tooDeep);
  });

  test("does not count for introspection: the query of every tool passes", async () => {
    const query = getIntrospectionQuery({ descriptions: true, inputValueDeprecation: true, oneOf: true });
    const { status, body } = await send(query);
    expect(status).toBe(200);
    expect(body.data.__schema.queryType.name).toBe("Query");
  });
});

describe("the aliases of an operation", () => {
  const withAliases = (count: number) =>
    `{ ${Array.from({ length: count }, (_, index) => `a${index}: serverTime`).join(" ")} }`;

  test("may be 30", async () => {
    expect(Object.keys((await send(withAliases(30))).body.data)).toHaveLength(30);
  });

  test("may not be 31", async () => {
    expectOverLimit(await send(withAliases(31)), "The operation has more than 30 aliases.");
  });

  test("count each time that their fragment is used", async () => {
    const query = `{ ${Array.from({ length: 4 }, (_, index) => `s${index}: seminar(id: ${index}) { ...A }`).join(" ")} }
      fragment A on Seminar { ${Array.from({ length: 7 }, (_, index) => `n${index}: name`).join(" ")} }`;
    expectOverLimit(await send(query), "The operation has more than 30 aliases.");
  });

  test("cannot be used to try many passwords in one request", async () => {
    const attempts = Array.from(
      { length: 31 },
      (_, index) => `a${index}: logIn(input: { login: "minji", password: "guess ${index}" }) { __typename }`,
    );
    expectOverLimit(await send(`mutation { ${attempts.join(" ")} }`), "The operation has more than 30 aliases.");
  });
});

describe("the cost of an operation", () => {
  const nested = `query ($first: Int = 100) {
    seminars(first: $first) { nodes { participants(first: 100) { nodes { user { username } } } } }
  }`;

  test("is what its lists may bring, whatever is in them", async () => {
    expectOverLimit(await send(nested), costText);
    expect((await send(nested, { first: 1 })).body.errors).toBeUndefined();
  });

  test("is not changed by where a number stands", async () => {
    expectOverLimit(await send(nested, { first: 100 }), costText);
    expectOverLimit(
      await send(nested.replace("first: $first", "first: 100").replace("($first: Int = 100)", "")),
      costText,
    );
  });

  test("is told before an operation costs the server anything, also when fragments multiply", async () => {
    const fragments = Array.from(
      { length: 40 },
      (_, index) => `fragment F${index} on Query { ...F${index + 1} ...F${index + 1} }`,
    );
    expectOverLimit(await send(`{ ...F0 } ${fragments.join(" ")} fragment F40 on Query { __typename }`), costText);
  });

  test("depends on each sending's own variables, whatever the same document was sent with before", async () => {
    const choosing = nested
      .replace("= 100) {", "= 100, $wanted: Boolean = true) {")
      .replace("nodes {", "nodes @include(if: $wanted) {");
    const small = [{ first: 1 }, { wanted: false }, { first: 100, wanted: false }];
    for (const variables of [...small, ...small]) {
      expect((await send(choosing, variables)).body.errors).toBeUndefined();
      for (const large of [{}, { first: 100 }, { wanted: true }])
        expectOverLimit(await send(choosing, large), costText);
    }
    expect((await send(choosing, { first: null })).body.errors).toBeUndefined();
  });

  test("keeps the same limit in Korean", async () => {
    const korean = server.anonymous.with({ headers: { "accept-language": "ko" } });
    expectOverLimit(await korean.send(nested), "한 번에 너무 많은 것을 요청했습니다. 항목이나 필드를 줄여 주세요.");
  });
});

describe("a limit", () => {
  test("is kept by application/graphql-response+json too", async () => {
    const client = server.anonymous.with({ headers: { accept: "application/graphql-response+json" } });
    const answer = await client.send(withDepth(13));
    expect(answer.status).toBe(400);
    expect(answer.body.errors?.[0]?.extensions.code).toBe("BAD_USER_INPUT");
  });

  test("is not slipped by sending a refused document again", async () => {
    await send(withDepth(14));
    expect((await send(withDepth(14))).status).toBe(400);
  });
});
