import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { hashPassword } from "../../src/platform/auth/passwords.ts";
import { Locale } from "../../src/platform/locale.ts";
import { updateViewer, withoutChange } from "../support/account-operations.ts";
import { startTestServer, type TestServer } from "../support/test-server.ts";

const password = "correct horse";

describe("the input of updateViewer", () => {
  let server: TestServer;
  let passwordHash: string;
  beforeAll(async () => {
    server = await startTestServer();
    passwordHash = await hashPassword(password);
  });
  afterAll(() => server.stop());

  const person = (options: object = {}) =>
    server.world.person({ passwordHash, firstName: "Ada", lastName: "Lovelace", ...options });

  test.each(["username", "email", "password", "locale", "participant", "instructor"])(
    "A2: null does not clear %s",
    async (field) => {
      const somebody = await person({ instructor: true });
      const input = { [field]: null, currentPassword: password };
      const faults = await withoutChange(server.database, () => somebody.client.fieldFaults(updateViewer, { input }));
      expect(faults).toEqual({ [`input.${field}`]: "This is required." });
    },
  );

  test.each([
    [{ username: "a b" }, "input.username", /^1 to 50 letters, digits/],
    [{ username: "" }, "input.username", /^1 to 50 letters, digits/],
    [{ email: "nobody" }, "input.email", /e-mail/],
    [{ email: `${"e".repeat(243)}@example.com` }, "input.email", /^3 to 254 characters/],
    [{ password: "7 bytes" }, "input.password", /^8 to 128 characters/],
    [{ password: "🙂".repeat(129) }, "input.password", /^8 to 128 characters/],
    [{ password: "eight\0chars" }, "input.password", /cannot be stored/],
    [{ currentPassword: "nul\0byte", password: "another horse" }, "input.currentPassword", /cannot be stored/],
    [{ currentPassword: "half \ud800 pair", password: "another horse" }, "input.currentPassword", /cannot be stored/],
    [{ currentPassword: "p".repeat(1_001), password: "another horse" }, "input.currentPassword", /^At most/],
    [{ firstName: "Kim2" }, "input.firstName", /^1 to 50 letters/],
    [{ lastName: "" }, "input.lastName", /^1 to 50 letters/],
    [{ locale: "FR" }, "input.locale", /KO, EN/],
    [{ participant: { university: "u".repeat(101) } }, "input.participant.university", /^At most 100/],
    [{ participant: { university: "\ud800" } }, "input.participant.university", /cannot be stored/],
    [{ instructor: { company: "c".repeat(101) } }, "input.instructor.company", /^At most 100/],
    [{ instructor: { careerYears: -1 } }, "input.instructor.careerYears", /whole number/],
    [{ instructor: { careerYears: 2 ** 31 } }, "input.instructor.careerYears", /whole number from 0/],
  ])("finds the fault in %j", async (input, path, text) => {
    const somebody = await person({ instructor: true });
    const faults = await withoutChange(server.database, () =>
      somebody.client.fieldFaults(updateViewer, { input: { currentPassword: password, ...input } }),
    );
    expect(faults).toEqual({ [path]: expect.stringMatching(text) });
  });

  test("finds the fault in the document itself", async () => {
    const { client } = await person({ instructor: true });
    const document = (input: string) => `mutation { updateViewer(input: { ${input} }) { __typename } }`;
    expect(Object.keys(await client.fieldFaults(document("locale: FR")))).toEqual(["input.locale"]);
    expect(Object.keys(await client.fieldFaults(document(`instructor: { company: "\\u0000" }`)))).toEqual([
      "input.instructor.company",
    ]);
  });

  test("tells faults in the viewer's language, whatever the request prefers", async () => {
    const { client } = await person({ locale: Locale.KO });
    const english = client.with({ headers: { "accept-language": "en" } });
    const { body } = await english.send(updateViewer, { input: { username: "" } });
    expect(body.errors?.[0]).toMatchObject({
      message: "올바르지 않은 값이 있습니다.",
      extensions: {
        code: "BAD_USER_INPUT",
        fields: [{ path: ["input", "username"], message: expect.stringContaining("영문자") }],
      },
    });
  });
});
