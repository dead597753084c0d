import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { newcomer, signUp, viewer, withoutChange } from "../support/account-operations.ts";
import { startTestServer, type TestServer } from "../support/test-server.ts";

describe("signUp", () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer();
  });
  afterAll(() => server.stop());

  /** Each from an address of its own. */
  const send = (values: object) => server.anonymous.with({}).data(signUp, { input: newcomer(values) });
  const outcome = async (values: object) => (await send(values)).signUp;
  const faults = (values: object) =>
    withoutChange(server.database, () => server.anonymous.with({}).fieldFaults(signUp, { input: newcomer(values) }));

  test("A1, A2, A5: makes the account and shows all of it to its owner, who is logged in", async () => {
    const input = newcomer({
      firstName: "Ada",
      lastName: "Lovelace",
      locale: "EN",
      participant: { university: "Seoul" },
      instructor: { company: "Waffle", careerYears: 0 },
    });
    const { signUp: result } = await server.anonymous.with({}).data(signUp, { input });
    expect(result.user).toEqual({
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      username: input.username,
      email: input.email,
      firstName: "Ada",
      lastName: "Lovelace",
      locale: "EN",
      staffRole: null,
      active: null,
      participant: { university: "Seoul", accepted: true },
      instructor: { company: "Waffle", careerYears: 0 },
      enrollments: { totalCount: 0 },
    });
    expect(Date.parse(result.session.expiresAt)).toBeGreaterThan(Date.now());
    const seen = await server.anonymous.with({ token: result.session.token }).data(viewer);
    expect(seen.viewer).toEqual({ id: result.user.id, username: input.username, locale: "EN" });
  });

  test("A1, A2: fills in what was left out", async () => {
    const { user } = await outcome({ participant: {}, instructor: {} });
    expect(user).toMatchObject({
      firstName: null,
      lastName: null,
      locale: "KO",
      participant: { university: "", accepted: true },
      instructor: { company: "", careerYears: null },
    });
    const [row] = await server.database.sql("select active, staff_role from users where id = $1", [user.id]);
    expect(row).toEqual({ active: true, staff_role: null });
  });

  test("A1: keeps no password that could be read", async () => {
    const { user } = await outcome({ password: "a secret to keep" });
    const [row] = await server.database.sql("select * from users where id = $1", [user.id]);
    expect(row?.password_hash).toMatch(/^\$argon2id\$/);
    expect(JSON.stringify(row)).not.toContain("a secret to keep");
  });

  test("A2: one profile is enough", async () => {
    expect((await outcome({ participant: {} })).user.instructor).toBeNull();
    expect((await outcome({ participant: undefined, instructor: {} })).user.participant).toBeNull();
  });

  test("A2: without any profile nobody signs up", async () => {
    expect(Object.keys(await faults({ participant: undefined }))).toEqual(["input.participant"]);
    expect(Object.keys(await faults({ participant: null, instructor: null }))).toEqual(["input.participant"]);
  });

  test("A5: the answer is seen as the one who has signed up, also by who was logged in as somebody else", async () => {
    const other = await server.world.person();
    const input = newcomer();
    const { signUp: result } = await other.client.data(signUp, { input });
    expect(result.user).toMatchObject({ username: input.username, email: input.email, enrollments: { totalCount: 0 } });
    expect((await other.client.data(viewer)).viewer.id).toBe(other.id);
  });

  describe("refuses what is taken", () => {
    test("A1: USERNAME_TAKEN, regardless of case, and makes no account and no session", async () => {
      const { username } = (await outcome({})).user;
      const result = await withoutChange(server.database, () => outcome({ username: username.toUpperCase() }));
      expect(result).toMatchObject({ __typename: "SignUpRefusal", code: "USERNAME_TAKEN" });
    });

    test("A1: EMAIL_TAKEN, regardless of case, and makes no account and no session", async () => {
      const { email } = (await outcome({})).user;
      const result = await withoutChange(server.database, () => outcome({ email: email.toUpperCase() }));
      expect(result).toMatchObject({ __typename: "SignUpRefusal", code: "EMAIL_TAKEN" });
    });

    test("A1: of many who ask for one username at the same moment, in any case, exactly one gets it", async () => {
      const results = await Promise.all(
        Array.from({ length: 16 }, (_, index) => outcome({ username: index % 2 ? "Same-Name" : "sAME-nAME" })),
      );
      const codes = results.map((result) => result.code ?? "made").sort();
      expect(codes).toEqual([...Array(15).fill("USERNAME_TAKEN"), "made"]);
      const rows = await server.database.sql("select id from users where lower(username) = 'same-name'");
      expect(rows).toHaveLength(1);
    });

    test("A1: of many who ask for one e-mail address at the same moment, in any case, exactly one gets it", async () => {
      const results = await Promise.all(
        Array.from({ length: 16 }, (_, index) =>
          outcome({ email: index % 2 ? "Same@Example.com" : "sAME@eXAMPLE.com" }),
        ),
      );
      const codes = results.map((result) => result.code ?? "made").sort();
      expect(codes).toEqual([...Array(15).fill("EMAIL_TAKEN"), "made"]);
      const rows = await server.database.sql("select id from users where lower(email) = 'same@example.com'");
      expect(rows).toHaveLength(1);
    });

    test("says so in the language that the request prefers", async () => {
      const { username } = (await outcome({ locale: "EN" })).user;
      const message = async (headers: Record<string, string>) =>
        (await server.anonymous.with({ headers }).data(signUp, { input: newcomer({ username }) })).signUp.message;
      expect(await message({})).toBe("This username is taken.");
      expect(await message({ "accept-language": "ko-KR,ko;q=0.9,en;q=0.8" })).toBe("이미 사용 중인 사용자 이름입니다.");
      expect(await message({ "accept-language": "fr, de;q=0.5" })).toBe("This username is taken.");
      expect(await message({ "accept-language": "ko;q=0.1, en;q=0.9" })).toBe("This username is taken.");
    });
  });
});
