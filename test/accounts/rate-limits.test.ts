import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { hashPassword } from "../../src/platform/auth/passwords.ts";
import { logIn, newcomer, signUp, updateViewer, withoutChange } from "../support/account-operations.ts";
import type { GraphqlClient } from "../support/client.ts";
import { startTestServer, type TestServer } from "../support/test-server.ts";

const password = "correct horse";

describe("RATE_LIMITED", () => {
  let server: TestServer;
  let passwordHash: string;
  let lastAddress = 0;
  beforeAll(async () => {
    server = await startTestServer();
    passwordHash = await hashPassword(password);
  });
  afterAll(() => server.stop());

  const at = (address: string) => server.anonymous.with({ headers: { "x-forwarded-for": address } });
  const newAddress = () => `203.0.113.${++lastAddress}`;

  /** What came of it: the result's type, the refusal's code or the top-level code, which has to say when to return. */
  async function attempt(client: GraphqlClient, login: string, secret = "wrong horse"): Promise<string> {
    return await outcome(client, logIn, { login, password: secret });
  }
  async function attempts(client: GraphqlClient, count: number, loginOf: (index: number) => string): Promise<string[]> {
    return await Promise.all(Array.from({ length: count }, (_, index) => attempt(client, loginOf(index))));
  }

  test("after 10 failures in a minute for one login name from one address, also for the right password", async () => {
    const person = await server.world.person({ passwordHash });
    const client = at(newAddress());
    for (const _ of Array(10)) expect(await attempt(client, person.username)).toBe("WRONG_CREDENTIALS");
    await withoutChange(server.database, async () => {
      expect(await attempt(client, person.username)).toBe("RATE_LIMITED");
      expect(await attempt(client, person.username.toUpperCase())).toBe("RATE_LIMITED");
      expect(await attempt(client, person.username, password)).toBe("RATE_LIMITED");
    });
    // Never by the account alone, and never the whole address for one name.
    expect(await attempt(at(newAddress()), person.username, password)).toBe("LogInSuccess");
    const other = await server.world.person({ passwordHash });
    expect(await attempt(client, other.username, password)).toBe("LogInSuccess");
  });

  test("for a name that nobody has as for any other", async () => {
    const client = at(newAddress());
    expect(count(await attempts(client, 11, () => "nobody-at-all"))).toEqual({
      WRONG_CREDENTIALS: 10,
      RATE_LIMITED: 1,
    });
  });

  test("after 50 failures in a minute from one address, whatever the names", async () => {
    const person = await server.world.person({ passwordHash });
    const client = at(newAddress());
    expect(count(await attempts(client, 50, (index) => `nobody-${index}`))).toEqual({ WRONG_CREDENTIALS: 50 });
    await withoutChange(server.database, async () => {
      expect(await attempt(client, "nobody-else")).toBe("RATE_LIMITED");
      expect(await attempt(client, person.username, password)).toBe("RATE_LIMITED");
    });
    expect(await attempt(at(newAddress()), person.username, password)).toBe("LogInSuccess");
  });

  test("many attempts at once do not get past the limit of a name", async () => {
    const person = await server.world.person({ passwordHash });
    const client = at(newAddress());
    const outcomes = await attempts(client, 60, (index) =>
      index % 2 ? person.username : person.username.toUpperCase(),
    );
    expect(count(outcomes)).toEqual({ WRONG_CREDENTIALS: 10, RATE_LIMITED: 50 });
    expect(await attempt(client, person.username, password)).toBe("RATE_LIMITED");
    expect(await attempt(client, "nobody-at-the-same-address")).toBe("WRONG_CREDENTIALS");
  });

  test("many attempts at once do not get past the limit of an address", async () => {
    const outcomes = await attempts(at(newAddress()), 80, (index) => `nobody-${index}`);
    expect(count(outcomes)).toEqual({ WRONG_CREDENTIALS: 50, RATE_LIMITED: 30 });
  });

  test("not after any number of successes, one after the other or at once", async () => {
    const person = await server.world.person({ passwordHash });
    const client = at(newAddress());
    for (const _ of Array(12)) expect(await attempt(client, person.username, password)).toBe("LogInSuccess");
    const together = await Promise.all(Array.from({ length: 60 }, () => attempt(client, person.username, password)));
    expect(count(together)).toEqual({ LogInSuccess: 60 });
    expect(await attempt(client, person.username)).toBe("WRONG_CREDENTIALS");
  });

  test("a success does not make failures undone", async () => {
    const person = await server.world.person({ passwordHash });
    const client = at(newAddress());
    await attempts(client, 9, () => person.username);
    expect(await attempt(client, person.username, password)).toBe("LogInSuccess");
    expect(await attempt(client, person.username)).toBe("WRONG_CREDENTIALS");
    expect(await attempt(client, person.username, password)).toBe("RATE_LIMITED");
  });

  test("is over after the minute", async () => {
    const person = await server.world.person({ passwordHash });
    const client = at(newAddress());
    await attempts(client, 10, () => person.username);
    expect(await attempt(client, person.username, password)).toBe("RATE_LIMITED");
    await server.database.sql("update rate_limits set expire = expire - 60000");
    expect(await attempt(client, person.username, password)).toBe("LogInSuccess");
  });

  test("the addresses of one IPv6 network are one, and another network is another", async () => {
    const client = (host: number) => at(`2001:db8:0:1::${host.toString(16)}`);
    for (const host of Array(10).keys()) expect(await attempt(client(host), "nobody-6")).toBe("WRONG_CREDENTIALS");
    expect(await attempt(client(11), "nobody-6")).toBe("RATE_LIMITED");
    expect(await attempt(at("2001:db8:0:2::1"), "nobody-6")).toBe("WRONG_CREDENTIALS");
  });

  test("after 10 wrong currentPasswords, and nothing changes", async () => {
    const person = await server.world.person({ passwordHash });
    const client = at(newAddress()).with({
      token: person.token,
      headers: { "x-forwarded-for": newAddress() },
    });
    const change = (currentPassword: string) =>
      outcome(client, updateViewer, { email: "new@example.com", currentPassword });
    const outcomes = await withoutChange(server.database, () =>
      Promise.all(Array.from({ length: 14 }, () => change("wrong horse"))),
    );
    expect(count(outcomes)).toEqual({ WRONG_PASSWORD: 10, RATE_LIMITED: 4 });
    expect(await withoutChange(server.database, () => change(password))).toBe("RATE_LIMITED");
    expect(await outcome(client, updateViewer, { locale: "KO" })).toBe("UpdateViewerSuccess");
  });

  test("after 20 sign-ups in a minute from one address, one after the other", async () => {
    const client = at(newAddress());
    for (const _ of Array(20)) expect(await outcome(client, signUp, newcomer())).toBe("SignUpSuccess");
    const input = newcomer();
    expect(await withoutChange(server.database, () => outcome(client, signUp, input))).toBe("RATE_LIMITED");
    expect(await outcome(at(newAddress()), signUp, input)).toBe("SignUpSuccess");
  });

  test("many sign-ups at once do not get past the limit of an address", async () => {
    const client = at(newAddress());
    const outcomes = await Promise.all(Array.from({ length: 45 }, () => outcome(client, signUp, newcomer())));
    expect(count(outcomes)).toEqual({ SignUpSuccess: 20, RATE_LIMITED: 25 });
  });

  test("bad input does not count as a sign-up", async () => {
    const client = at(newAddress());
    for (const _ of Array(25)) {
      expect(await outcome(client, signUp, newcomer({ password: "short" }))).toBe("BAD_USER_INPUT");
    }
    expect(await outcome(client, signUp, newcomer())).toBe("SignUpSuccess");
  });

  test("is said in the language that the request prefers", async () => {
    const address = newAddress();
    await attempts(at(address), 10, () => "nobody-again");
    const client = server.anonymous.with({ headers: { "x-forwarded-for": address, "accept-language": "ko" } });
    const { body } = await client.send(logIn, { input: { login: "nobody-again", password } });
    expect(body.errors?.[0]?.message).toBe("시도 횟수가 너무 많습니다. 잠시 후 다시 시도해 주세요.");
  });
});

async function outcome(client: GraphqlClient, document: string, input: object): Promise<string> {
  const { body } = await client.send(document, { input });
  const [error] = body.errors ?? [];
  if (error) {
    if (error.extensions.code === "RATE_LIMITED") expectRetry(error.extensions.retryAfterMs);
    return error.extensions.code;
  }
  const [result] = Object.values(body.data as Record<string, { __typename: string; code?: string }>);
  return result?.code ?? result?.__typename ?? "nothing";
}

function expectRetry(retryAfterMs: unknown): void {
  expect(retryAfterMs).toEqual(expect.any(Number));
  expect(retryAfterMs).toBeGreaterThan(0);
  expect(retryAfterMs).toBeLessThanOrEqual(60_000);
}

function count(outcomes: readonly string[]): Record<string, number> {
  return Object.fromEntries([...Map.groupBy(outcomes, (one) => one)].map(([one, same]) => [one, same.length]));
}
