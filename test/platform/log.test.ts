import { describe, expect, test } from "@jest/globals";
import { describeError } from "../../src/platform/log.ts";

describe("an error in the log", () => {
  test("keeps its name, its message and its stack", () => {
    expect(describeError(new TypeError("It is not a function."))).toEqual({
      type: "TypeError",
      message: "It is not a function.",
      stack: expect.stringMatching(/^\s+at .+log\.test\.ts/),
    });
  });

  test("loses e-mail addresses and tokens that its message quotes", () => {
    const error = new Error('Value is not "minji@example.com", nor eyJhbGciOi.eyJqdGki.c2lnbmF0 in <a@b.kr>.');
    expect(describeError(error)).toMatchObject({ message: 'Value is not "(e-mail)", nor (token) in <(e-mail)>.' });
  });

  test("loses its message altogether when it comes from the database", () => {
    const cause = Object.assign(new Error("Key (email)=(minji@example.com) already exists."), {
      severity: "ERROR",
      code: "23505",
      constraint: "users_email",
      table: "users",
    });
    expect(describeError(new Error("insert ... 'minji@example.com'", { cause }))).toEqual({
      type: "Error",
      code: "23505",
      constraint: "users_email",
      table: "users",
      stack: expect.not.stringContaining("minji"),
    });
  });

  test("is no more than its type when it is no error", () => {
    expect(describeError("minji@example.com")).toEqual({ type: "string" });
  });
});
