import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { type ExecutionResult, execute, type GraphQLField, parse } from "graphql";
import { StaffRole } from "../../../../src/platform/auth/staff-role.ts";
import { compiledExecution } from "../../../../src/platform/graphql/execution/compiled-execution.ts";
import type { Context } from "../../../../src/platform/graphql/server/context.ts";
import { readOperationFiles } from "../../../schema/operation-files.ts";
import { startTestServer, type TestServer } from "../../../support/test-server.ts";
import type { Person } from "../../../support/world.ts";

const executeCompiled = compiledExecution();
let server: TestServer;
let seminarId: string;
let people: Record<"anonymous" | "participant" | "leader" | "admin", Person["client"]>;
let userId: string;

beforeAll(async () => {
  server = await startTestServer();
  const { world, anonymous } = server;
  const leader = await world.person({ instructor: true, firstName: "Ada", lastName: "Lovelace" });
  const participants = await world.people(3);
  const admin = await world.person({ staffRole: StaffRole.ADMIN });
  for (let count = 0; count < 3; count++) {
    const seminar = await world.seminar({ capacity: 3 }, count === 0 ? leader : undefined);
    seminarId ??= seminar.id;
    for (const participant of participants) await world.enroll(seminar, participant);
  }
  const [participant] = participants as [Person];
  userId = participant.id;
  people = { anonymous, participant: participant.client, leader: leader.client, admin: admin.client };
});
afterAll(() => server.stop());

describe("an operation of schema/operations, executed on our own graph in the middle of a request", () => {
  const files = readOperationFiles().filter(({ text }) => /^query/m.test(text));
  const askers = ["anonymous", "participant", "leader", "admin"] as const;
  const cases = files.flatMap((file) => askers.map((asker) => ({ ...file, asker })));

  test.each(cases)("gives $asker what graphql-js gives: $name", async ({ text, variables, asker }) => {
    const id = /\buser\(/.test(text) ? userId : seminarId;
    const variableValues = { ...variables, ...("id" in (variables ?? {}) && { id }) };
    await expectSame(asker, text, variableValues);
  });
});

test("a mutation that is refused gives everybody what graphql-js gives", async () => {
  const text = `mutation ($id: ID!) {
    update: updateSeminar(input: { id: $id, name: " " }) { __typename }
    join: joinSeminar(input: { seminarId: $id }) { __typename ... on JoinSeminarRefusal { code message seminar { id name } } }
  }`;
  for (const asker of ["anonymous", "participant", "leader", "admin"] as const) {
    await expectSame(asker, text, { id: seminarId });
  }
});

async function expectSame(
  asker: keyof typeof people,
  text: string,
  variableValues: Record<string, unknown>,
): Promise<void> {
  const document = parse(text);
  const [expected, actual] = await inRequest(people[asker], async (contextValue) => {
    const args = { schema: server.app.schema, document, contextValue, variableValues };
    return [await execute(args), await executeCompiled(args)];
  });
  expect(textOf(actual)).toBe(textOf(expected));
  expect(actual).toEqual(expected);
}

/** Does the work while the server answers a request of this client, with its context, and while time stands still. */
async function inRequest<T>(client: Person["client"], work: (context: Context) => Promise<T>): Promise<T> {
  const serverTime = server.app.schema.getQueryType()?.getFields().serverTime as GraphQLField<unknown, Context>;
  let result: { value: T } | undefined;
  serverTime.resolve = async (_source, _args, context) => {
    serverTime.resolve = () => new Date(0);
    result = { value: await work(context) };
    return new Date(0);
  };
  await client.data("{ serverTime }");
  if (!result) throw new Error("The request did not come to its resolver.");
  return result.value;
}

function textOf({ data, errors }: ExecutionResult): string {
  return JSON.stringify({ data, errors }, null, 2);
}
