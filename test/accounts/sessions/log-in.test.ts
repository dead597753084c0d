import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { hashPassword, unusablePasswordHash } from "../../../src/platform/auth/passwords.ts";
import { Locale } from "../../../src/platform/locale.ts";
import { logIn, viewer, withoutChange } from "../../support/account-operations.ts";
import { startTestServer, type TestServer } from "../../support/test-server.ts";

const password = "correct horse";

describe("logIn", () => {
  let server: TestServer;
  let passwordHash: string;
  beforeAll(async () => {
    server = await startTestServer();
    passwordHash = await hashPassword(password);
  });
  afterAll(() => server.stop());

  /** Each from an address of its own. */
  const attempt = (login: string, secret: string, headers: Record<string, string> = {}) =>
    server.anonymous.with({ headers }).send(logIn, { input: { login, password: secret } });

  test("A1: takes the username or the e-mail address, in any case", async () => {
    const person = await server.world.person({ passwordHash, username: "Some.Body" });
    for (const login of ["Some.Body", "sOME.bODY", person.email, person.email.toUpperCase()]) {
      const { logIn: result } = (await attempt(login, password)).body.data;
      expect(result).toMatchObject({ __typename: "LogInSuccess", user: { id: person.id } });
      const seen = await server.anonymous.with({ token: result.session.token }).data(viewer);
      expect(seen.viewer.id).toBe(person.id);
    }
  });

  test("A5: the answer is seen as the one who has logged in, also by who was logged in as somebody else", async () => {
    const other = await server.world.person();
    const person = await server.world.person({ passwordHash, instructor: true, locale: Locale.KO });
    await server.world.enroll(await server.world.seminar(), person);
    const { logIn: result } = await other.client.data(logIn, { input: { login: person.username, password } });
    expect(result.user).toEqual({
      id: person.id,
      username: person.username,
      email: person.email,
      firstName: null,
      lastName: null,
      locale: "KO",
      staffRole: null,
      active: null,
      participant: { university: "Seoul", accepted: true },
      instructor: { company: "Waffle", careerYears: 3 },
      enrollments: { totalCount: 1 },
    });
  });

  test("A4: opens a session of its own each time, which lasts as long as SESSION_DAYS says", async () => {
    const person = await server.world.person({ passwordHash });
    const results = await Promise.all([attempt(person.username, password), attempt(person.username, password)]);
    const sessions = results.map((result) => result.body.data.logIn.session);
    expect(sessions[0].token).not.toBe(sessions[1].token);
    const days = (Date.parse(sessions[0].expiresAt) - Date.now()) / 86_400_000;
    expect(days).toBeGreaterThan(13.9);
    expect(days).toBeLessThanOrEqual(14);
  });

  test("A4: a wrong name, a wrong password, no usable password and a deactivated account have one and the same answer", async () => {
    const person = await server.world.person({ passwordHash, locale: Locale.KO });
    const deactivated = await server.world.person({ passwordHash, active: false });
    const unusable = await server.world.person({ passwordHash: unusablePasswordHash });
    const answers = await withoutChange(server.database, () =>
      Promise.all([
        attempt("nobody-has-this-name", password),
        attempt("nobody@example.com", password),
        attempt("not even a name", password),
        attempt("", ""),
        attempt(person.username, "wrong horse"),
        attempt(person.username, "CORRECT HORSE"),
        attempt(person.username, ` ${password}`),
        attempt(person.username, ""),
        attempt(person.email, "wrong horse"),
        attempt(deactivated.username, password),
        attempt(deactivated.email, "wrong horse"),
        attempt(unusable.username, "!"),
      ]),
    );
    for (const { status, body } of answers) {
      expect(status).toBe(200);
      expect(body).toEqual({
        data: {
          logIn: {
            __typename: "LogInRefusal",
            code: "WRONG_CREDENTIALS",
            message: "The name or the password is wrong.",
          },
        },
      });
    }
  });

  test("refuses in the language that the request prefers, since nobody is logged in", async () => {
    const { body } = await attempt("nobody-has-this-name", password, { "accept-language": "ko" });
    expect(body.data.logIn.message).toBe("아이디 또는 비밀번호가 올바르지 않습니다.");
  });

  test.each([
    [{ login: "a\0b", password }, "input.login"],
    [{ login: "a\ud800", password }, "input.login"],
    [{ login: "a".repeat(255), password }, "input.login"],
    [{ login: "a", password: "nul\0byte" }, "input.password"],
    [{ login: "a", password: "half \udc00 pair" }, "input.password"],
    [{ login: "a", password: "p".repeat(1_001) }, "input.password"],
    [{ login: "a", password: null }, "input.password"],
    [{ login: 7, password }, "input.login"],
  ])("finds the fault in %j", async (input, path) => {
    const faults = await withoutChange(server.database, () => server.anonymous.with({}).fieldFaults(logIn, { input }));
    expect(Object.keys(faults)).toEqual([path]);
  });

  test("finds the fault in the document itself", async () => {
    const document = `mutation { logIn(input: { login: "a\\u0000", password: "x" }) { __typename } }`;
    expect(Object.keys(await server.anonymous.with({}).fieldFaults(document))).toEqual(["input.login"]);
  });

  test("writes no name, e-mail address, token or password into the log", async () => {
    const person = await server.world.person({ passwordHash });
    const { body } = await attempt(person.email, password);
    await attempt(person.email, "wrong horse");
    const log = server.logLines.join("");
    for (const secret of [person.email, password, "wrong horse", body.data.logIn.session.token]) {
      expect(log).not.toContain(secret);
    }
  });
});
