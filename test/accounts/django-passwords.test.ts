import { pbkdf2Sync } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { logIn, updateViewer, withoutChange } from "../support/account-operations.ts";
import { startTestServer, type TestServer } from "../support/test-server.ts";

/** As Django's PBKDF2PasswordHasher writes it. */
function djangoHash(password: string, { iterations = 1_000, salt = "seasalt" } = {}): string {
  const hash = pbkdf2Sync(password, salt, iterations, 32, "sha256").toString("base64");
  return `pbkdf2_sha256$${iterations}$${salt}$${hash}`;
}

describe("passwords that come from Django", () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer();
  });
  afterAll(() => server.stop());

  const attempt = async (login: string, password: string) =>
    (await server.anonymous.with({}).data(logIn, { input: { login, password } })).logIn;
  const hashOf = async (id: string) =>
    (await server.database.sql<{ password_hash: string }>("select password_hash from users where id = $1", [id]))[0]
      ?.password_hash;

  test("the hash of these tests is the one that Django's own tests know", () => {
    expect(djangoHash("lètmein", { iterations: 12_000 })).toBe(
      "pbkdf2_sha256$12000$seasalt$Ybw8zsFxqja97tY/o6G+Fy1ksY4U/Hw3DRrGED6Up4s=",
    );
  });

  test.each(["lètmein", "비밀번호", "short", "🙂", " spaces "])(
    "%j logs in and is hashed anew, once",
    async (password) => {
      const person = await server.world.person({ passwordHash: djangoHash(password) });
      expect(await attempt(person.username, password)).toMatchObject({
        __typename: "LogInSuccess",
        user: { id: person.id },
      });
      const renewed = await hashOf(person.id);
      expect(renewed).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);

      expect(await attempt(person.username, password)).toMatchObject({ __typename: "LogInSuccess" });
      expect(await hashOf(person.id)).toBe(renewed);
      expect(await attempt(person.username, `${password}.`)).toMatchObject({ code: "WRONG_CREDENTIALS" });
    },
  );

  test("A4: a wrong password is refused, and the hash stays", async () => {
    const person = await server.world.person({ passwordHash: djangoHash("lètmein") });
    const result = await withoutChange(server.database, () => attempt(person.username, "letmein"));
    expect(result).toMatchObject({ __typename: "LogInRefusal", code: "WRONG_CREDENTIALS" });
  });

  test("A4: a deactivated account is refused, and the hash stays", async () => {
    const person = await server.world.person({ passwordHash: djangoHash("lètmein"), active: false });
    const result = await withoutChange(server.database, () => attempt(person.username, "lètmein"));
    expect(result).toMatchObject({ __typename: "LogInRefusal", code: "WRONG_CREDENTIALS" });
  });

  test("logs in several times at the same moment", async () => {
    const person = await server.world.person({ passwordHash: djangoHash("lètmein") });
    const results = await Promise.all(Array.from({ length: 6 }, () => attempt(person.username, "lètmein")));
    expect(results.map((result) => result.__typename)).toEqual(Array(6).fill("LogInSuccess"));
    expect(await attempt(person.username, "lètmein")).toMatchObject({ __typename: "LogInSuccess" });
  });

  test("A4: serves as currentPassword too", async () => {
    const person = await server.world.person({ passwordHash: djangoHash("lètmein") });
    const change = async (currentPassword: string) =>
      (await person.client.data(updateViewer, { input: { password: "a new one", currentPassword } })).updateViewer;
    expect(await withoutChange(server.database, () => change("letmein"))).toMatchObject({ code: "WRONG_PASSWORD" });
    expect(await change("lètmein")).toMatchObject({ __typename: "UpdateViewerSuccess" });
    expect(await hashOf(person.id)).toMatch(/^\$argon2id\$/);
  });

  test.each([
    "!",
    "!Django writes this for an unusable password",
    "",
    "pbkdf2_sha256$",
    "pbkdf2_sha256$1000$seasalt$",
    "pbkdf2_sha256$0$seasalt$AAAA",
    "pbkdf2_sha256$-1$seasalt$AAAA",
    "pbkdf2_sha256$many$seasalt$AAAA",
    "pbkdf2_sha256$99999999999999999999$seasalt$AAAA",
    "pbkdf2_sha1$1000$seasalt$AAAA",
    "md5$seasalt$AAAA",
    "lètmein",
  ])("A4: %j fits no password", async (passwordHash) => {
    const person = await server.world.person({ passwordHash });
    const result = await withoutChange(server.database, () => attempt(person.username, "lètmein"));
    expect(result).toMatchObject({ __typename: "LogInRefusal", code: "WRONG_CREDENTIALS" });
  });
});
