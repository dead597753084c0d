import { afterEach, expect, jest, test } from "@jest/globals";
import { v7 as uuidv7 } from "uuid";
import { SessionTokens } from "../../../src/platform/auth/session-tokens.ts";

const claims = { sessionId: uuidv7(), userId: uuidv7() };
const tokens = new SessionTokens("a-secret-that-is-long-enough-for-a-test");

afterEach(() => {
  jest.useRealTimers();
});

test("A4: a token that was verified before is refused from the moment when it expires", async () => {
  const now = 1_800_000_000_000;
  jest.useFakeTimers({ now, doNotFake: ["nextTick", "queueMicrotask", "setImmediate", "setTimeout", "performance"] });
  const token = await tokens.sign(claims, new Date(now + 10_000));
  expect(await tokens.verify(token)).toEqual(claims);
  jest.setSystemTime(now + 9_999);
  expect(await tokens.verify(token)).toEqual(claims);
  jest.setSystemTime(now + 10_000);
  expect(await tokens.verify(token)).toBeNull();
});

test("A4: a token that differs from a verified one, or that another secret signed, is refused", async () => {
  const token = await tokens.sign(claims, new Date(Date.now() + 60_000));
  expect(await tokens.verify(token)).toEqual(claims);
  expect(await tokens.verify(`${token.slice(0, -4)}AAAA`)).toBeNull();
  expect(await new SessionTokens("another-secret-that-is-long-enough").verify(token)).toBeNull();
});
