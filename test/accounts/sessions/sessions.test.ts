import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { SignJWT, UnsecuredJWT } from "jose";
import { v7 as uuidv7 } from "uuid";
import { updateViewer, viewer, withoutChange } from "../../support/account-operations.ts";
import { startTestServer, type TestServer, testConfig } from "../../support/test-server.ts";
import type { Person } from "../../support/world.ts";

interface TokenOptions {
  secret?: string;
  alg?: string;
  sessionId?: string;
  userId?: string;
  expires?: string;
}

describe("a session", () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer();
  });
  afterAll(() => server.stop());

  /** A token for this person's real session, with one thing different. */
  async function tokenFor({ id, token }: Person, options: TokenOptions = {}): Promise<string> {
    const real = JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString());
    const { secret = testConfig(server.database).sessions.secret, alg = "HS256", expires = "1h" } = options;
    return await new SignJWT()
      .setProtectedHeader({ alg })
      .setJti(options.sessionId ?? real.jti)
      .setSubject(options.userId ?? id)
      .setIssuedAt()
      .setExpirationTime(expires)
      .sign(new TextEncoder().encode(secret));
  }

  /** Anonymous where anyone may ask, UNAUTHENTICATED where log-in is needed, and nothing changes. */
  async function expectNobody(headers: Record<string, string>): Promise<void> {
    const client = server.anonymous.with({ headers });
    await withoutChange(server.database, async () => {
      const answer = await client.send(viewer);
      expect(answer).toMatchObject({ status: 200, body: { data: { viewer: null } } });
      expect(answer.body.errors).toBeUndefined();
      const { body } = await client.send(updateViewer, { input: { locale: "KO" } });
      expect(body.errors?.map((error) => error.extensions)).toEqual([{ code: "UNAUTHENTICATED" }]);
      expect(await client.data("mutation { logOut }")).toEqual({ logOut: false });
    });
  }

  const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

  test("goes on with its token", async () => {
    const person = await server.world.person();
    const client = server.anonymous.with({ token: await tokenFor(person) });
    expect((await client.data(viewer)).viewer.id).toBe(person.id);
  });

  test("is known as Bearer in any case", async () => {
    const { id, token } = await server.world.person();
    const client = server.anonymous.with({ headers: { authorization: `bearer ${token}` } });
    expect((await client.data(viewer)).viewer.id).toBe(id);
  });

  test("A4: is nobody's with a token that is wrongly signed, unsigned, of another algorithm or changed", async () => {
    const person = await server.world.person();
    const other = await server.world.person();
    const [head, payload, signature] = person.token.split(".") as [string, string, string];
    const changed = Buffer.from(Buffer.from(payload, "base64url").toString().replace(person.id, other.id)).toString(
      "base64url",
    );
    for (const token of [
      await tokenFor(person, { secret: "some other secret, just as long as it should be" }),
      await tokenFor(person, {
        alg: "HS512",
        secret: testConfig(server.database).sessions.secret.padEnd(64, "-"),
      }),
      new UnsecuredJWT({ jti: uuidv7() }).setSubject(person.id).setExpirationTime("1h").encode(),
      `${Buffer.from('{"alg":"none"}').toString("base64url")}.${payload}.`,
      `${Buffer.from('{"alg":"none"}').toString("base64url")}.${payload}.${signature}`,
      `${head}.${changed}.${signature}`,
      `${head}.${payload}.`,
      `${head}.${payload}`,
    ]) {
      await expectNobody(bearer(token));
    }
  });

  test("is nobody's with a token that cannot be read", async () => {
    const { token } = await server.world.person();
    for (const authorization of [
      "",
      "Bearer",
      "Bearer ",
      "Bearer x",
      "Bearer ..",
      "Bearer a.b.c",
      `Bearer ${"x".repeat(5_000)}`,
      `Bearer ${token} ${token}`,
      `Bearer "${token}"`,
      `Basic ${token}`,
      token,
    ]) {
      await expectNobody({ authorization });
    }
  });

  test("is nobody's with a token of ours about ids that we never gave", async () => {
    const person = await server.world.person();
    for (const options of [
      { sessionId: uuidv7() },
      { sessionId: "not-an-id" },
      { sessionId: "" },
      { userId: "not-an-id" },
      { sessionId: "'; drop table users; --" },
    ]) {
      await expectNobody(bearer(await tokenFor(person, options)));
    }
  });

  test("is over when the token has expired", async () => {
    const person = await server.world.person();
    await expectNobody(bearer(await tokenFor(person, { expires: "-1s" })));
  });

  test("is over when its row says so, whatever the token says", async () => {
    const person = await server.world.person();
    await server.database.sql("update sessions set expires_at = now() where user_id = $1", [person.id]);
    await expectNobody(bearer(person.token));
  });

  test("A4: is anonymous as soon as its user is deactivated, and goes on with the user", async () => {
    const person = await server.world.person();
    const setActive = (active: boolean) =>
      server.database.sql("update users set active = $2 where id = $1", [person.id, active]);
    await setActive(false);
    await expectNobody(bearer(person.token));
    await setActive(true);
    expect((await person.client.data(viewer)).viewer.id).toBe(person.id);
  });

  test("an operation that is answered without it is answered all the same", async () => {
    const person = await server.world.person();
    const seminar = await server.world.seminar({}, person);
    const client = server.anonymous.with({ token: "forged" });
    const data = await client.data(
      `query ($seminar: ID!, $user: ID!) {
        seminar(id: $seminar) { name viewerEnrollment { id } participants { totalCount } }
        user(id: $user) { username email }
      }`,
      { seminar: seminar.id, user: person.id },
    );
    expect(data).toEqual({
      seminar: { name: seminar.name, viewerEnrollment: null, participants: null },
      user: { username: person.username, email: null },
    });
  });

  test("UNAUTHENTICATED is said in the language that the request prefers", async () => {
    const { body } = await server.anonymous
      .with({ token: "forged", headers: { "accept-language": "ko" } })
      .send(updateViewer, { input: {} });
    expect(body.errors?.[0]?.message).toBe("먼저 로그인해 주세요.");
  });
});
