import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { createSchema } from "../../../../src/app/schema.ts";
import { StaffRole } from "../../../../src/platform/auth/staff-role.ts";
import type { Answer, GraphqlClient } from "../../../support/client.ts";
import { writingNothing } from "../../../support/every-row.ts";
import { startTestServer, type TestServer } from "../../../support/test-server.ts";
import { marker, oddValues, refusedValues, unknownIds } from "./hostile-values.ts";
import { type FittingValues, type InputPosition, inputPositions } from "./input-positions.ts";

/** What only the inside of the server says: SQL, stacks, tables, columns, constraints, libraries. */
const inside =
  /\b(select|insert|update|delete) .*\b(from|into|set)\b|\n?\s+at .+:\d+:\d+|node_modules|\.ts\b|Exception|postgres|violates|invalid input syntax|\b(users|sessions|seminars|enrollments)_\w+|\b\w+_(at|hash|id|count)\b/i;

const names = inputPositions(createSchema(), { userId: "", seminarId: "", beside: {} }).map(({ name }) => name);

let server: TestServer;
let positions: Map<string, InputPosition>;
let instructor: GraphqlClient;
let admin: GraphqlClient;

beforeAll(async () => {
  server = await startTestServer();
  const leader = await server.world.person({ instructor: true });
  const seminar = await server.world.seminar({}, leader);
  const fitting: FittingValues = {
    userId: leader.id,
    seminarId: seminar.id,
    beside: { SignUpInput: { participant: {} }, UpdateViewerInput: { currentPassword: "a password" } },
  };
  positions = new Map(inputPositions(server.app.schema, fitting).map((position) => [position.name, position]));
  instructor = leader.client.with({ beforeQuery: undefined });
  admin = (await server.world.person({ staffRole: StaffRole.ADMIN })).client.with({ beforeQuery: undefined });
});
afterAll(() => server.stop());

function callers({ isForStaff }: InputPosition): { client: GraphqlClient; isAnonymous: boolean }[] {
  return [
    { client: isForStaff ? admin : instructor, isAnonymous: false },
    { client: server.anonymous.with({ beforeQuery: undefined }), isAnonymous: true },
  ];
}

/** Sends the value as a variable and in the document, as who may send it and as nobody. */
function sendEverywhere(position: InputPosition, value: unknown) {
  return callers(position).flatMap(({ client, isAnonymous }) =>
    [position.asVariable(value), position.asLiteral(value)].map(async (sent) => {
      const variables = "variables" in sent ? (sent.variables as object) : undefined;
      // A client of its own has an address of its own, so that no rate limit answers instead.
      const answer = await client.with({}).send(sent.query, variables);
      return { answer, isAnonymous, value };
    }),
  );
}

function expectNothingFromInside({ body, status }: Answer): void {
  const errors = JSON.stringify(body.errors ?? []);
  expect(body.errors?.map((error) => error.extensions.code) ?? []).not.toContain("INTERNAL_SERVER_ERROR");
  expect(status).toBeLessThan(500);
  expect(errors).not.toMatch(inside);
  expect(errors).not.toContain(marker);
}

describe.each(names)("%s", (name) => {
  const position = () => positions.get(name) as InputPosition;

  test("is refused with its path when it cannot be right, and nothing is written", async () => {
    const values = refusedValues(position().type).filter((value) => !(position().isList && Array.isArray(value)));
    const answers = await writingNothing(server.database, () =>
      Promise.all(values.flatMap((value) => sendEverywhere(position(), value))),
    );
    for (const { answer, isAnonymous, value } of answers) {
      expectNothingFromInside(answer);
      const [error] = answer.body.errors ?? [];
      const code = error?.extensions.code;
      const isAnswered = isAnonymous && (code === "UNAUTHENTICATED" || position().isHidden);
      const isNoDocument = code === "GRAPHQL_PARSE_FAILED" || code === "GRAPHQL_VALIDATION_FAILED";
      if (isAnswered || (isNoDocument && isRefusedAsDocument(value))) continue;
      expect({ value, code, paths: pathsOf(answer) }).toEqual({
        value,
        code: "BAD_USER_INPUT",
        paths: expect.arrayContaining([expect.stringMatching(`^${position().path.join(".")}(\\.|$)`)]),
      });
    }
  });

  test("never makes the server fail when it is empty, null, odd or of something unknown", async () => {
    const answers = await Promise.all(oddValues(position().type).flatMap((value) => sendEverywhere(position(), value)));
    for (const { answer } of answers) expectNothingFromInside(answer);
  });
});

describe("an id that is malformed is an id that is unknown", () => {
  const ids = unknownIds.map((id) => [id]);
  const isId = ({ type, isForStaff }: InputPosition) => type.name === "ID" && !isForStaff;

  test.each(ids)("%j: null in queries, NOT_FOUND in mutations, and nothing is written", async (id) => {
    await writingNothing(server.database, async () => {
      for (const position of [...positions.values()].filter(isId)) {
        const { query, variables } = position.asVariable(id);
        const { body } = await instructor.send(query, variables);
        if (query.startsWith("query")) expect(Object.values(body.data)).toEqual([null]);
        else expect(body.errors?.[0]?.extensions.code).toBe("NOT_FOUND");
      }
    });
  });
});

/** Half of a surrogate pair and an unknown field cannot stand in a document at all. */
function isRefusedAsDocument(value: unknown): boolean {
  const text = JSON.stringify(value);
  return text.includes("\\ud") || text.includes("noSuchField");
}

function pathsOf({ body }: Answer): string[] {
  const fields = (body.errors?.[0]?.extensions.fields ?? []) as { path: (string | number)[] }[];
  return fields.map(({ path }) => path.join("."));
}
