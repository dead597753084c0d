import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { Answer } from "../../../support/client.ts";
import { writingNothing } from "../../../support/every-row.ts";
import { startTestServer, type TestServer } from "../../../support/test-server.ts";

const signUp = "mutation SignUp($input: SignUpInput!) { signUp(input: $input) { __typename } }";
const createSeminar = "mutation Create($input: CreateSeminarInput!) { createSeminar(input: $input) { __typename } }";
const seminar = { name: "Django", capacity: 10, sessionCount: 6, time: "18:30" };
const account = { username: "minji", email: "minji@example.com", password: "a long password", participant: {} };

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());

/** The answer to what must be refused without a trace. */
function refused(query: string, variables?: object, headers: Record<string, string> = {}): Promise<Answer> {
  return writingNothing(server.database, () => server.anonymous.with({ headers }).send(query, variables));
}

/** The faults of the only error of an answer, by path. */
function faultsOf({ body }: Answer): Record<string, string> {
  expect(body.errors).toHaveLength(1);
  expect(body.errors?.[0]?.extensions.code).toBe("BAD_USER_INPUT");
  const fields = body.errors?.[0]?.extensions.fields as { path: (string | number)[]; message: string }[];
  return Object.fromEntries(fields.map(({ path, message }) => [path.join("."), message]));
}

const mustBeEmail = "Must be an e-mail address.";

describe("a value that its scalar refuses is BAD_USER_INPUT with the path of the field", () => {
  test("in a variable", async () => {
    const { body } = await refused(signUp, { input: { ...account, email: "minji" } });
    expect(body).toEqual({
      errors: [
        {
          message: "Some of the values are not valid.",
          extensions: {
            code: "BAD_USER_INPUT",
            fields: [{ path: ["input", "email"], message: mustBeEmail }],
          },
        },
      ],
    });
  });

  test("in a variable of another name: the path begins with the argument", async () => {
    const query = "mutation ($x: SignUpInput!) { signUp(input: $x) { __typename } }";
    expect(faultsOf(await refused(query, { x: { ...account, email: "" } }))).toEqual({ "input.email": mustBeEmail });
  });

  test("in a variable for one field of an input", async () => {
    const query = `mutation ($mail: EmailAddress!) {
      signUp(input: { username: "minji", email: $mail, password: "a long password", participant: {} }) { __typename }
    }`;
    expect(faultsOf(await refused(query, { mail: "minji" }))).toEqual({ "input.email": mustBeEmail });
  });

  test("in a variable whose argument stands below other fields", async () => {
    const query = "query ($n: Int) { viewer { enrollments(first: $n) { totalCount } } }";
    expect(faultsOf(await refused(query, { n: "many" }))).toEqual({ first: "Must be a whole number." });
  });

  test("in the document", async () => {
    const query = `mutation {
      signUp(input: { username: "minji", email: "minji", password: "a long password", participant: {} }) { __typename }
    }`;
    expect(faultsOf(await refused(query))).toEqual({ "input.email": mustBeEmail });
  });

  test("in the default of a variable", async () => {
    const query = `mutation ($x: JoinSeminarInput = { seminarId: "1", onFull: MAYBE }) {
      joinSeminar(input: $x) { __typename }
    }`;
    const { body } = await refused(query, {});
    const faults = body.errors?.flatMap((error) => error.extensions.fields ?? []);
    expect(faults).toContainEqual({ path: ["input", "onFull"], message: "Must be one of REFUSE, WAITLIST." });
  });

  test("in a list that should be one value", async () => {
    const query = "query ($id: ID!) { seminar(id: $id) { id } }";
    expect(faultsOf(await refused(query, { id: ["a", "b"] }))).toEqual({ id: "Must be an id." });
  });
});

describe("an unknown value of an enum", () => {
  const oneOf = { "input.onFull": "Must be one of REFUSE, WAITLIST." };

  test("names the values that there are, in a variable", async () => {
    const query = "mutation ($input: JoinSeminarInput!) { joinSeminar(input: $input) { __typename } }";
    expect(faultsOf(await refused(query, { input: { seminarId: "1", onFull: "MAYBE" } }))).toEqual(oneOf);
  });

  test("names the values that there are, in the document", async () => {
    const query = 'mutation { joinSeminar(input: { seminarId: "1", onFull: MAYBE }) { __typename } }';
    expect(faultsOf(await refused(query))).toEqual(oneOf);
  });
});

describe("what is required and not there", () => {
  const { capacity, ...withoutCapacity } = seminar;

  test("is told by its path, in a variable", async () => {
    const faults = faultsOf(await refused(createSeminar, { input: withoutCapacity }));
    expect({ capacity, faults }).toEqual({ capacity: 10, faults: { "input.capacity": "This is required." } });
  });

  test("is told by its path, in the document", async () => {
    const query = 'mutation { createSeminar(input: { name: "A", sessionCount: 1, time: "18:30" }) { __typename } }';
    expect(faultsOf(await refused(query))).toEqual({ "input.capacity": "This is required." });
  });

  test("is told by its path when it is null", async () => {
    expect(faultsOf(await refused(createSeminar, { input: { ...seminar, name: null } }))).toEqual({
      "input.name": "This is required.",
    });
    const query = `mutation {
      createSeminar(input: { name: null, capacity: 1, sessionCount: 1, time: "18:30" }) { __typename }
    }`;
    expect(faultsOf(await refused(query))).toEqual({ "input.name": "This is required." });
  });

  test("is told by the argument when the whole variable is missing or null", async () => {
    expect(faultsOf(await refused(createSeminar, {}))).toEqual({ input: "This is required." });
    expect(faultsOf(await refused(createSeminar, { input: null }))).toEqual({ input: "This is required." });
  });
});

describe("several faults", () => {
  test("of types are told at once", async () => {
    const input = { ...seminar, capacity: 0, sessionCount: 1.5, time: "late", online: "yes", startsOn: "2026-02-30" };
    expect(faultsOf(await refused(createSeminar, { input }))).toEqual({
      "input.capacity": "Must be a whole number above 0.",
      "input.sessionCount": "Must be a whole number above 0.",
      "input.time": "Must be a time such as 18:30.",
      "input.online": "Must be true or false.",
      "input.startsOn": "Must be a day such as 2026-12-24.",
    });
  });

  test("of types in the document are told as one error", async () => {
    const query = `mutation {
      createSeminar(input: { name: "A", capacity: 0, sessionCount: 1.5, time: "late" }) { __typename }
    }`;
    expect(Object.keys(faultsOf(await refused(query)))).toEqual(["input.capacity", "input.sessionCount", "input.time"]);
  });

  test("of rules are told at once", async () => {
    const input = { ...account, username: "민지", password: "short", firstName: "Min1", lastName: "" };
    expect(faultsOf(await refused(signUp, { input }))).toEqual({
      "input.username": "1 to 50 letters, digits, dots, underscores or hyphens.",
      "input.password": "8 to 128 characters.",
      "input.firstName": expect.stringContaining("1 to 50 letters"),
      "input.lastName": expect.stringContaining("1 to 50 letters"),
    });
  });
});

describe("a list", () => {
  const seminars = "query ($first: Int, $after: String) { seminars(first: $first, after: $after) { totalCount } }";

  test.each([0, -1, 101, 2 ** 31 - 1])("refuses first: %d by its path", async (first) => {
    expect(faultsOf(await refused(seminars, { first }))).toEqual({ first: "1 to 100." });
  });

  test.each(["", "nonsense", "c2VtaW5hcnM", "\0", "\ud800", "x".repeat(10_000)])(
    "refuses after: %j by its path",
    async (after) => {
      expect(faultsOf(await refused(seminars, { after }))).toEqual({ after: "Not a cursor of this list." });
    },
  );
});

describe("the languages of faults", () => {
  test("are those of Accept-Language for who is not logged in", async () => {
    const faults = await refused(signUp, { input: { ...account, email: "minji" } }, { "accept-language": "ko-KR" });
    expect(faultsOf(faults)).toEqual({ "input.email": "이메일 주소여야 합니다." });
    expect(faults.body.errors?.[0]?.message).toBe("올바르지 않은 값이 있습니다.");
  });
});

describe("values are never told back", () => {
  const secret = "correct horse battery staple";
  const cases: [string, string, object | undefined][] = [
    ["in a variable", signUp, { input: { ...account, password: secret, email: secret, participant: secret } }],
    ["by a rule", signUp, { input: { ...account, password: `${secret}\0`, firstName: secret } }],
    ["for an enum", signUp, { input: { ...account, password: secret, locale: secret } }],
    ["for a number", createSeminar, { input: { ...seminar, capacity: secret } }],
    [
      "in the document",
      `mutation { signUp(input: { username: "a", email: "${secret}", password: "${secret}" }) { __typename } }`,
      undefined,
    ],
    ["in a default", `query ($first: Int = "${secret}") { seminars(first: $first) { totalCount } }`, undefined],
  ];

  test.each(cases)("%s", async (_where, query, variables) => {
    const { body } = await refused(query, variables);
    expect(body.errors?.[0]?.extensions.code).toBe("BAD_USER_INPUT");
    expect(JSON.stringify(body)).not.toContain(secret);
    expect(server.logLines.join("\n")).not.toContain(secret);
  });
});
