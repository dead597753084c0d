import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { Locale } from "../../../../src/platform/locale.ts";
import type { Answer } from "../../../support/client.ts";
import { startTestServer, type TestServer } from "../../../support/test-server.ts";

const join = "mutation Join($input: JoinSeminarInput!) { joinSeminar(input: $input) { __typename } }";
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

describe("messages", () => {
  const messageFor = async (acceptLanguage: string, client = server.anonymous) => {
    const answer = await client.with({ headers: { "accept-language": acceptLanguage } }).send(join, {
      input: { seminarId: unknownId },
    });
    return errorOf(answer)?.message;
  };

  test.each([
    ["ko", "먼저 로그인해 주세요."],
    ["ko-KR,ko;q=0.9,en;q=0.8", "먼저 로그인해 주세요."],
    ["en-US,en;q=0.9,ko;q=0.8", "Please log in first."],
    ["fr, ko;q=0.5", "먼저 로그인해 주세요."],
    ["fr", "Please log in first."],
    ["*", "Please log in first."],
    [";;q=,,", "Please log in first."],
  ])("for Accept-Language %s", async (header, message) => {
    expect(await messageFor(header)).toBe(message);
  });

  test("are English without Accept-Language", async () => {
    const response = await fetch(`${server.origin}/graphql`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ query: join, variables: { input: { seminarId: unknownId } } }),
    });
    expect(((await response.json()) as Answer["body"]).errors?.[0]?.message).toBe("Please log in first.");
  });

  test("are in the viewer's language, whatever the header says", async () => {
    const korean = await server.world.person({ locale: Locale.KO });
    const english = await server.world.person({ locale: Locale.EN });
    expect(await messageFor("en", korean.client)).toBe("이 ID에 해당하는 것이 없습니다.");
    expect(await messageFor("ko", english.client)).toBe("There is nothing with this id.");
  });

  test("are in the viewer's language also when the operation is refused before it runs", async () => {
    const { client } = await server.world.person({ locale: Locale.KO });
    const variable = await client.send(join, { input: { seminarId: {} } });
    const literal = await client.send("{ seminars(first: true) { totalCount } }");
    expect([errorOf(variable)?.message, errorOf(literal)?.message]).toEqual([
      "올바르지 않은 값이 있습니다.",
      "올바르지 않은 값이 있습니다.",
    ]);
  });

  test("of refusals are in the viewer's language too", async () => {
    const seminar = await server.world.seminar();
    const { client } = await server.world.person({ locale: Locale.KO, participant: false, instructor: true });
    const query = `mutation ($input: JoinSeminarInput!) {
      joinSeminar(input: $input) { ... on Refusal { message } }
    }`;
    expect(await client.data(query, { input: { seminarId: seminar.id } })).toEqual({
      joinSeminar: { message: "참여하려는 역할의 프로필이 필요합니다." },
    });
  });
});
