import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { Locale } from "../../src/platform/locale.ts";
import { becomeInstructor, withoutChange } from "../support/account-operations.ts";
import { startTestServer, type TestServer } from "../support/test-server.ts";

describe("becomeInstructor", () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer();
  });
  afterAll(() => server.stop());

  test("A2: adds an instructor profile and keeps the other", async () => {
    const { client } = await server.world.person({ accepted: false });
    const input = { company: "Waffle", careerYears: 7 };
    const { becomeInstructor: result } = await client.data(becomeInstructor, { input });
    expect(result).toMatchObject({
      __typename: "BecomeInstructorSuccess",
      user: { participant: { university: "Seoul", accepted: false }, instructor: input },
    });
  });

  test.each([[{}], [{ company: null, careerYears: null }]])("A2: the profile is empty for %j", async (input) => {
    const { client } = await server.world.person();
    const { becomeInstructor: result } = await client.data(becomeInstructor, { input });
    expect(result.user.instructor).toEqual({ company: "", careerYears: null });
  });

  test("A2: refuses who is one already: ALREADY_HAS_PROFILE, in the viewer's language, and changes nothing", async () => {
    const { client } = await server.world.person({ instructor: true, locale: Locale.KO });
    const { becomeInstructor: result } = await withoutChange(server.database, () =>
      client.data(becomeInstructor, { input: { company: "Another" } }),
    );
    expect(result).toEqual({
      __typename: "BecomeInstructorRefusal",
      code: "ALREADY_HAS_PROFILE",
      message: "이미 이 프로필이 있습니다.",
    });
  });

  test("A2: of many at the same moment exactly one adds it", async () => {
    const { client } = await server.world.person();
    const results = await Promise.all(Array.from({ length: 8 }, () => client.data(becomeInstructor, { input: {} })));
    const codes = results.map((result) => result.becomeInstructor.code ?? "added").sort();
    expect(codes).toEqual([...Array(7).fill("ALREADY_HAS_PROFILE"), "added"]);
  });

  test("is for logged-in viewers", async () => {
    const code = await withoutChange(server.database, () =>
      server.anonymous.errorCode(becomeInstructor, { input: {} }),
    );
    expect(code).toBe("UNAUTHENTICATED");
  });

  test.each([
    [{ company: "c".repeat(101) }, "input.company"],
    [{ company: "nul\0byte" }, "input.company"],
    [{ careerYears: -1 }, "input.careerYears"],
    [{ careerYears: 2 ** 31 }, "input.careerYears"],
    [{ careerYears: 0.5 }, "input.careerYears"],
  ])("finds the fault in %j", async (input, path) => {
    const { client } = await server.world.person();
    const faults = await withoutChange(server.database, () => client.fieldFaults(becomeInstructor, { input }));
    expect(Object.keys(faults)).toEqual([path]);
  });
});
