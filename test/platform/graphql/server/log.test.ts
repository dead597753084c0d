import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { startTestServer, type TestServer } from "../../../support/test-server.ts";

const signUp = `mutation SignUp($input: SignUpInput!) {
  signUp(input: $input) { __typename ... on SignUpSuccess { user { id } session { token } } }
}`;
const logIn = `mutation LogIn($input: LogInInput!) {
  logIn(input: $input) { __typename ... on LogInSuccess { session { token } } }
}`;
const updateViewer = `mutation Update($input: UpdateViewerInput!) {
  updateViewer(input: $input) { __typename }
}`;

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());

// biome-ignore lint/suspicious/noExplicitAny: lines of the log have many shapes.
function linesOf(requestId: string | null): any[] {
  return server.logLines.map((line) => JSON.parse(line)).filter((line) => line.requestId === requestId);
}

describe("the log", () => {
  test("has one line for a query, with what it took", async () => {
    const person = await server.world.person();
    const { headers } = await person.client.send("query Page { viewer { username } seminars { totalCount } }");
    expect(linesOf(headers.get("x-request-id"))).toEqual([
      {
        level: 30,
        time: expect.any(Number),
        requestId: expect.any(String),
        operation: "Page",
        kind: "query",
        viewerId: person.id,
        route: "replica-1",
        durationMs: expect.any(Number),
        sqlCount: expect.any(Number),
        msg: "operation",
      },
    ]);
  });

  test("has one line for a mutation, which takes the primary", async () => {
    const { headers } = await server.anonymous.send("mutation Out { logOut }");
    expect(linesOf(headers.get("x-request-id"))).toEqual([
      expect.objectContaining({ operation: "Out", kind: "mutation", viewerId: null, route: "primary", sqlCount: 0 }),
    ]);
  });

  test("counts the statements of an operation", async () => {
    const { headers } = await server.anonymous.send("query Time { serverTime }");
    expect(linesOf(headers.get("x-request-id"))[0]).toMatchObject({ sqlCount: 1 });
  });

  test("tells the codes of what was refused, and who asked", async () => {
    const person = await server.world.person();
    const { headers } = await person.client.send("query Wrong { seminars(first: 0) { totalCount } }");
    const unreadable = await person.client.send("{ nothing }");
    expect(linesOf(headers.get("x-request-id"))).toEqual([
      expect.objectContaining({ operation: "Wrong", viewerId: person.id, errors: ["BAD_USER_INPUT"] }),
    ]);
    expect(linesOf(unreadable.headers.get("x-request-id"))).toEqual([
      expect.objectContaining({ operation: null, kind: null, errors: ["GRAPHQL_VALIDATION_FAILED"] }),
    ]);
  });

  test("tells no more than the beginning of a very long name", async () => {
    const { headers } = await server.anonymous.send(`query ${"N".repeat(10_000)} { serverTime }`);
    expect(linesOf(headers.get("x-request-id"))[0].operation).toBe("N".repeat(100));
  });

  test("gives a request an id of the server's own", async () => {
    const client = server.anonymous.with({ headers: { "x-request-id": "mine", "request-id": "mine" } });
    const { headers } = await client.send("{ serverTime }");
    expect(headers.get("x-request-id")).toMatch(/^[\da-f]{8}-[\da-f]{4}-7/);
  });
});

describe("the log names nobody", () => {
  test("in a whole session of sign-up, log-in, changes, collisions and faults of the database", async () => {
    const password = "correct horse battery staple";
    const email = "minji.private@example.com";
    const account = { username: "minji.private", email, password, participant: {} };

    const made = await server.anonymous.data(signUp, { input: account });
    const token: string = made.signUp.session.token;
    const { logIn: opened } = await server.anonymous.data(logIn, { input: { login: email, password } });
    await server.anonymous.data(logIn, { input: { login: email, password: `${password}!` } });
    const client = server.anonymous.with({ token });
    await client.data(updateViewer, { input: { email: `new.${email}`, currentPassword: password } });
    await client.data(updateViewer, { input: { password: `${password}?`, currentPassword: password } });
    await client.send(updateViewer, { input: { email: `${email} `, currentPassword: password } });
    await Promise.all(
      ["one", "two", "three", "four"].map((name) =>
        server.anonymous.with({}).send(signUp, { input: { ...account, username: `${name}.private` } }),
      ),
    );
    await faultThatQuotes(email, password);

    const written = server.logLines.join("\n");
    expect(written).toContain('"operation":"SignUp"');
    expect(written).toContain('"code":"23514"');
    for (const secret of [/@example\.com/, /private/, /correct horse/, /argon2/, token, opened.session.token]) {
      expect(written).not.toMatch(secret);
    }
  });

  /** A fault whose message from the database holds the whole row. */
  async function faultThatQuotes(email: string, password: string): Promise<void> {
    await server.database.sql("alter table users add constraint users_no_quoted check (email not like 'quoted%')");
    const input = { username: "quoted.private", email: `quoted.${email}`, password, participant: {} };
    const { body } = await server.anonymous.with({}).send(signUp, { input });
    expect(body.errors?.[0]?.extensions.code).toBe("INTERNAL_SERVER_ERROR");
    expect(JSON.stringify(body)).not.toContain("quoted");
  }
});
