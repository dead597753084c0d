import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { Locale } from "../../src/platform/locale.ts";
import { becomeParticipant, newcomer, signUp, updateViewer, withoutChange } from "../support/account-operations.ts";
import { startTestServer, type TestServer } from "../support/test-server.ts";

describe("becomeParticipant", () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer();
  });
  afterAll(() => server.stop());

  const instructor = (options: object = {}) =>
    server.world.person({ participant: false, instructor: true, ...options });

  test("A2, A3: adds an accepted participant profile and keeps the other", async () => {
    const { client } = await instructor();
    const { becomeParticipant: result } = await client.data(becomeParticipant, { input: { university: "Seoul" } });
    expect(result).toMatchObject({
      __typename: "BecomeParticipantSuccess",
      user: {
        participant: { university: "Seoul", accepted: true },
        instructor: { company: "Waffle", careerYears: 3 },
      },
    });
  });

  test.each([[{}], [{ university: null }]])("A2: university is empty for %j", async (input) => {
    const { client } = await instructor();
    const { becomeParticipant: result } = await client.data(becomeParticipant, { input });
    expect(result.user.participant).toEqual({ university: "", accepted: true });
  });

  test("A2: refuses who is one already: ALREADY_HAS_PROFILE, in the viewer's language, and changes nothing", async () => {
    for (const [locale, message] of [
      [Locale.EN, "You have this profile already."],
      [Locale.KO, "이미 이 프로필이 있습니다."],
    ]) {
      const { client } = await server.world.person({ locale: locale as Locale, accepted: false });
      const { becomeParticipant: result } = await withoutChange(server.database, () =>
        client
          .with({ headers: { "accept-language": locale === Locale.EN ? "ko" : "en" } })
          .data(becomeParticipant, { input: { university: "Busan" } }),
      );
      expect(result).toEqual({ __typename: "BecomeParticipantRefusal", code: "ALREADY_HAS_PROFILE", message });
    }
  });

  test("A2: of many at the same moment exactly one adds it", async () => {
    const { client } = await instructor();
    const results = await Promise.all(Array.from({ length: 8 }, () => client.data(becomeParticipant, { input: {} })));
    const codes = results.map((result) => result.becomeParticipant.code ?? "added").sort();
    expect(codes).toEqual([...Array(7).fill("ALREADY_HAS_PROFILE"), "added"]);
  });

  test("is for logged-in viewers", async () => {
    const code = await withoutChange(server.database, () =>
      server.anonymous.errorCode(becomeParticipant, { input: {} }),
    );
    expect(code).toBe("UNAUTHENTICATED");
  });

  test.each(["u".repeat(101), "nul\0byte", "half \ud800 pair", 7])("finds the fault in %j", async (university) => {
    const { client } = await instructor();
    const faults = await withoutChange(server.database, () =>
      client.fieldFaults(becomeParticipant, { input: { university } }),
    );
    expect(Object.keys(faults)).toEqual(["input.university"]);
  });
});

describe("PARTICIPANT_ACCEPTANCE=manual", () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer({ variables: { PARTICIPANT_ACCEPTANCE: "manual" } });
  });
  afterAll(() => server.stop());

  test("A3: who signs up as a participant is not accepted yet", async () => {
    const { signUp: result } = await server.anonymous.data(signUp, { input: newcomer() });
    expect(result.user.participant).toEqual({ university: "", accepted: false });
  });

  test("A3: who becomes a participant is not accepted yet", async () => {
    const { client } = await server.world.person({ participant: false, instructor: true });
    const { becomeParticipant: result } = await client.data(becomeParticipant, { input: { university: "Seoul" } });
    expect(result.user.participant).toEqual({ university: "Seoul", accepted: false });
  });

  test("A3: nobody accepts themselves", async () => {
    const { id, client } = await server.world.person({ accepted: false });
    await client.data(updateViewer, { input: { participant: { university: "Busan" } } });
    const document = updateViewer;
    const input = { participant: { accepted: true } };
    expect(await client.errorCode(document, { input })).toBe("BAD_USER_INPUT");
    expect(await server.database.sql("select participant_accepted from users where id = $1", [id])).toEqual([
      { participant_accepted: false },
    ]);
  });
});
