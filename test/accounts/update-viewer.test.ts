import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { hashPassword } from "../../src/platform/auth/passwords.ts";
import { Locale } from "../../src/platform/locale.ts";
import { logIn, updateViewer, withoutChange } from "../support/account-operations.ts";
import { startTestServer, type TestServer } from "../support/test-server.ts";
import type { Person } from "../support/world.ts";

const password = "correct horse";

describe("updateViewer", () => {
  let server: TestServer;
  let passwordHash: string;
  beforeAll(async () => {
    server = await startTestServer();
    passwordHash = await hashPassword(password);
  });
  afterAll(() => server.stop());

  const person = (options: object = {}) =>
    server.world.person({ passwordHash, firstName: "Ada", lastName: "Lovelace", ...options });
  const update = async ({ client }: Person, input: object) => (await client.data(updateViewer, { input })).updateViewer;
  const badPaths = async ({ client }: Person, input: object) =>
    Object.keys(await withoutChange(server.database, () => client.fieldFaults(updateViewer, { input })));
  /** What came of a log-in, from an address of its own. */
  const logInAs = async (login: string, secret: string) =>
    (await server.anonymous.with({}).data(logIn, { input: { login, password: secret } })).logIn.__typename;

  test("A1, A2: changes what is given, shows it at once, and keeps the rest", async () => {
    const somebody = await person({ instructor: true });
    expect(await update(somebody, { firstName: "Augusta", locale: "KO" })).toEqual({
      __typename: "UpdateViewerSuccess",
      user: {
        id: somebody.id,
        username: somebody.username,
        email: somebody.email,
        firstName: "Augusta",
        lastName: "Lovelace",
        locale: "KO",
        staffRole: null,
        active: null,
        participant: { university: "Seoul", accepted: true },
        instructor: { company: "Waffle", careerYears: 3 },
        enrollments: { totalCount: 0 },
      },
    });
    const { user } = await update(somebody, {
      participant: { university: "Busan" },
      instructor: { company: "Pancake", careerYears: null },
    });
    expect(user).toMatchObject({
      firstName: "Augusta",
      participant: { university: "Busan", accepted: true },
      instructor: { company: "Pancake", careerYears: null },
    });
    expect((await update(somebody, { participant: { university: null }, instructor: {} })).user).toMatchObject({
      participant: { university: "" },
      instructor: { company: "Pancake", careerYears: null },
    });
  });

  test("changes nothing for an empty input", async () => {
    const somebody = await person();
    const result = await withoutChange(server.database, () => update(somebody, {}));
    expect(result).toMatchObject({ __typename: "UpdateViewerSuccess", user: { id: somebody.id } });
  });

  test("A1: null clears both names together, and one alone is refused", async () => {
    const somebody = await person();
    expect(await badPaths(somebody, { firstName: null })).toEqual(["input.firstName"]);
    expect(await badPaths(somebody, { lastName: null })).toEqual(["input.lastName"]);
    expect((await update(somebody, { firstName: null, lastName: null })).user).toMatchObject({
      firstName: null,
      lastName: null,
    });
    expect(await badPaths(somebody, { firstName: "Ada" })).toEqual(["input.lastName"]);
  });

  test("A1: one may change the case of one's own username and e-mail address", async () => {
    const somebody = await person();
    const [username, email] = [somebody.username.toUpperCase(), somebody.email.toUpperCase()];
    const { user } = await update(somebody, { username, email, currentPassword: password });
    expect(user).toMatchObject({ username, email });
  });

  test("A1: USERNAME_TAKEN, regardless of case, and nothing changes", async () => {
    const [somebody, other] = [await person({ locale: Locale.KO }), await person()];
    const result = await withoutChange(server.database, () =>
      update(somebody, { username: other.username.toUpperCase(), locale: "EN" }),
    );
    expect(result).toEqual({
      __typename: "UpdateViewerRefusal",
      code: "USERNAME_TAKEN",
      message: "이미 사용 중인 사용자 이름입니다.",
    });
  });

  test("A1: EMAIL_TAKEN, regardless of case, and nothing changes", async () => {
    const [somebody, other] = [await person(), await person()];
    const result = await withoutChange(server.database, () =>
      update(somebody, { email: other.email.toUpperCase(), currentPassword: password, locale: "KO" }),
    );
    expect(result).toEqual({
      __typename: "UpdateViewerRefusal",
      code: "EMAIL_TAKEN",
      message: "There is an account with this e-mail address already.",
    });
  });

  test("A1: of many who take one username at the same moment, in any case, exactly one gets it", async () => {
    const people = await server.world.people(12);
    const results = await Promise.all(
      people.map((one, index) => update(one, { username: index % 2 ? "Wanted-Name" : "wANTED-nAME" })),
    );
    expect(results.map((result) => result.code ?? "changed").sort()).toEqual([
      ...Array(11).fill("USERNAME_TAKEN"),
      "changed",
    ]);
  });

  test("A4: changing the password or the e-mail address needs currentPassword", async () => {
    const somebody = await person();
    expect(await badPaths(somebody, { password: "another horse" })).toEqual(["input.currentPassword"]);
    expect(await badPaths(somebody, { email: "new@example.com" })).toEqual(["input.currentPassword"]);
    expect(await badPaths(somebody, { email: "new@example.com", currentPassword: null })).toEqual([
      "input.currentPassword",
    ]);
  });

  test("A4: a wrong currentPassword is WRONG_PASSWORD, and nothing changes", async () => {
    const somebody = await person();
    for (const input of [{ password: "another horse" }, { email: "new@example.com" }]) {
      const result = await withoutChange(server.database, () =>
        update(somebody, { ...input, firstName: "Eve", currentPassword: "wrong horse" }),
      );
      expect(result).toEqual({
        __typename: "UpdateViewerRefusal",
        code: "WRONG_PASSWORD",
        message: "The current password is wrong.",
      });
    }
    expect(await logInAs(somebody.username, password)).toBe("LogInSuccess");
  });

  test("A4: with currentPassword the e-mail address changes, and sessions go on", async () => {
    const somebody = await person();
    const elsewhere = await sessionsOf(somebody, 2);
    const email = `new-${somebody.email}`;
    expect((await update(somebody, { email, currentPassword: password })).user.email).toBe(email);
    expect(await logInAs(email, password)).toBe("LogInSuccess");
    expect(await logInAs(somebody.email, password)).toBe("LogInRefusal");
    for (const client of elsewhere) expect((await client.data("{ viewer { id } }")).viewer.id).toBe(somebody.id);
  });

  test("A4: a new password ends all other sessions at once, not this one, and nobody else's", async () => {
    const [somebody, other] = [await person(), await person()];
    const elsewhere = await sessionsOf(somebody, 3);
    await update(somebody, { password: "another horse", currentPassword: password });

    for (const client of elsewhere) {
      const code = await withoutChange(server.database, () =>
        client.errorCode(updateViewer, { input: { firstName: "Eve" } }),
      );
      expect(code).toBe("UNAUTHENTICATED");
      expect(await client.data("{ viewer { id } }")).toEqual({ viewer: null });
    }
    expect((await update(somebody, { firstName: "Augusta" })).user.firstName).toBe("Augusta");
    expect((await somebody.client.data("{ viewer { id } }")).viewer.id).toBe(somebody.id);
    expect((await other.client.data("{ viewer { id } }")).viewer.id).toBe(other.id);
    expect(await logInAs(somebody.username, password)).toBe("LogInRefusal");
    expect(await logInAs(somebody.username, "another horse")).toBe("LogInSuccess");
  });

  test("A4: of many new passwords at the same moment, from several sessions, exactly one is taken", async () => {
    const somebody = await person();
    const clients = [somebody.client, ...(await sessionsOf(somebody, 3))];
    const answers = await Promise.all(
      clients.map((client, index) =>
        client.send(updateViewer, { input: { password: `another horse ${index}`, currentPassword: password } }),
      ),
    );
    const taken = answers.flatMap(({ body }, index) =>
      body.data?.updateViewer.__typename === "UpdateViewerSuccess" ? [index] : [],
    );
    expect(taken).toHaveLength(1);
    expect(await logInAs(somebody.username, `another horse ${taken[0]}`)).toBe("LogInSuccess");
  });

  test("A2: input for a profile that the viewer does not have is refused", async () => {
    const participant = await person();
    const instructor = await person({ participant: false, instructor: true });
    expect(await badPaths(participant, { firstName: "Eve", instructor: {} })).toEqual(["input.instructor"]);
    expect(await badPaths(instructor, { firstName: "Eve", participant: { university: "Seoul" } })).toEqual([
      "input.participant",
    ]);
  });

  test("is for logged-in viewers", async () => {
    await person();
    const code = await withoutChange(server.database, () =>
      server.anonymous.errorCode(updateViewer, { input: { firstName: "Eve", lastName: "Eve" } }),
    );
    expect(code).toBe("UNAUTHENTICATED");
  });

  async function sessionsOf({ username }: Person, count: number) {
    const answers = await Promise.all(
      Array.from({ length: count }, () => server.anonymous.data(logIn, { input: { login: username, password } })),
    );
    return answers.map((answer) => server.anonymous.with({ token: answer.logIn.session.token }));
  }
});
