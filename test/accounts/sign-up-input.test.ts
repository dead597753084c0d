import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { newcomer, signUp, withoutChange } from "../support/account-operations.ts";
import { startTestServer, type TestServer } from "../support/test-server.ts";

/** Decomposed, each is many more code points than letters. */
const names = {
  Korean: "김민준",
  "decomposed Korean": "김민준".normalize("NFD"),
  "50 decomposed syllables": "힣".repeat(50).normalize("NFD"),
  Devanagari: "प्रियंका",
  Vietnamese: "Nguyễn",
  "decomposed Vietnamese": "Nguyễn".normalize("NFD"),
  Thai: "น้ำฝน",
  Arabic: "مُحَمَّد",
  "an apostrophe": "O'Connor",
  "a typographic apostrophe": "D’Angelo",
  "a hyphen": "Jean-Luc",
  "an inner space": "María José",
  "one letter": "X",
  "50 letters": "x".repeat(50),
  "50 letters with marks that do not compose": "x\u0301\u0323".repeat(50),
  "50 letters outside the basic plane": "𠮷".repeat(50),
};

const badNames = {
  empty: "",
  "a space": " ",
  "a leading space": " Kim",
  "a trailing space": "Kim ",
  "a trailing line break": "Kim\n",
  "a digit": "Kim2",
  "a digit of another script": "Kim२",
  "a roman numeral sign": "Kimⅳ",
  "an underscore": "Kim_Lee",
  "a leading hyphen": "-Kim",
  "a trailing apostrophe": "Kim'",
  "only hyphens": "--",
  "a mark without a letter": "\u0301Kim",
  "an emoji": "Kim🙂",
  markup: "<b>Kim",
  "51 letters": "x".repeat(51),
  "51 letters outside the basic plane": "𠮷".repeat(51),
  "a tab inside": "Kim\tLee",
  "a NUL byte": "Kim\0Lee",
  "a lone surrogate": "Kim\ud800",
  "a thousand marks": `x${"\u0301".repeat(1_000)}`,
  "half a megabyte less a lot": "x".repeat(100_000),
};

const badUsernames = {
  empty: "",
  "51 characters": "u".repeat(51),
  "a space": "a b",
  "a trailing line break": "abc\n",
  "an at sign": "a@b",
  "a letter of another script": "민준",
  "a letter that only looks Latin": "аdmin",
  "a letter whose lower case is Latin": "\u212Aim",
  "a NUL byte": "a\0b",
  "a lone surrogate": "a\udc00",
};

const badEmails = {
  empty: "",
  "no at sign": "somebody",
  "no domain": "somebody@",
  "two at signs": "a@b@c",
  "a space": "some body@example.com",
  "spaces around": " somebody@example.com ",
  "a line break": "somebody@example.com\n",
  "255 characters": `${"e".repeat(243)}@example.com`,
  "a NUL byte": "some\0body@example.com",
  "a lone surrogate": "some\ud800body@example.com",
};

describe("the input of signUp", () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer();
  });
  afterAll(() => server.stop());

  const outcome = async (values: object) =>
    (await server.anonymous.with({}).data(signUp, { input: newcomer(values) })).signUp;
  /** The paths of what is wrong; nothing may have been written. */
  const badPaths = async (values: object) =>
    Object.keys(
      await withoutChange(server.database, () =>
        server.anonymous.with({}).fieldFaults(signUp, { input: newcomer(values) }),
      ),
    );

  test.each(Object.entries(names))("A1: a name may have %s", async (_what, name) => {
    const { user } = await outcome({ firstName: name, lastName: name });
    expect([user.firstName, user.lastName]).toEqual([name.normalize("NFC"), name.normalize("NFC")]);
  });

  test.each(Object.entries(badNames))("A1: a name may not have %s", async (_what, name) => {
    expect(await badPaths({ firstName: name, lastName: "Kim" })).toEqual(["input.firstName"]);
    expect(await badPaths({ firstName: "Kim", lastName: name })).toEqual(["input.lastName"]);
  });

  test("A1: both names or neither, null being the same as left out", async () => {
    expect(await badPaths({ firstName: "Ada" })).toEqual(["input.lastName"]);
    expect(await badPaths({ lastName: "Ada", firstName: null })).toEqual(["input.firstName"]);
    expect(await outcome({ firstName: null, lastName: null })).toMatchObject({ user: { firstName: null } });
  });

  test.each(["a", "A.b_c-9", ".", "0".repeat(50)])("A1: %j is a username", async (username) => {
    expect((await outcome({ username })).user.username).toBe(username);
  });

  test.each(Object.entries(badUsernames))("A1: a username is not %s", async (_what, username) => {
    expect(await badPaths({ username })).toEqual(["input.username"]);
  });

  test.each(Object.entries(badEmails))("A1: an e-mail address is not %s", async (_what, email) => {
    expect(await badPaths({ email })).toEqual(["input.email"]);
  });

  test("A1: an e-mail address has up to 254 characters", async () => {
    const email = `${"e".repeat(242)}@example.com`;
    expect((await outcome({ email })).user.email).toBe(email);
  });

  test.each([
    "8 bytes!",
    "        ",
    "비밀번호여덟글자",
    "🙂".repeat(8),
    "🙂".repeat(128),
    "x".repeat(128),
    "tab\tand\nline",
  ])("A1: %j is a password", async (password) => {
    expect(await outcome({ password })).toMatchObject({ __typename: "SignUpSuccess" });
  });

  test.each(["", "7 bytes", "🙂".repeat(7), "🙂".repeat(129), "x".repeat(129), "eight\0chars", "eight\ud800chars"])(
    "A1: %j is no password",
    async (password) => {
      expect(await badPaths({ password })).toEqual(["input.password"]);
    },
  );

  test.each([
    [{ participant: { university: "u".repeat(101) } }, "input.participant.university"],
    [{ participant: { university: "\0" } }, "input.participant.university"],
    [{ participant: { university: 7 } }, "input.participant.university"],
    [{ instructor: { company: "\ud800" } }, "input.instructor.company"],
    [{ instructor: { careerYears: -1 } }, "input.instructor.careerYears"],
    [{ instructor: { careerYears: 1.5 } }, "input.instructor.careerYears"],
    [{ instructor: { careerYears: 2 ** 31 } }, "input.instructor.careerYears"],
    [{ instructor: { careerYears: 1e300 } }, "input.instructor.careerYears"],
    [{ instructor: { careerYears: "3" } }, "input.instructor.careerYears"],
    [{ locale: "FR" }, "input.locale"],
    [{ username: null }, "input.username"],
    [{ email: 5 }, "input.email"],
    [{ password: ["x"] }, "input.password"],
  ])("A1, A2: finds the fault in %j", async (values, path) => {
    expect(await badPaths(values)).toEqual([path]);
  });

  test("A2: takes the largest careerYears and the longest university", async () => {
    const { user } = await outcome({
      participant: { university: "🙂".repeat(100) },
      instructor: { careerYears: 2 ** 31 - 1 },
    });
    expect(user).toMatchObject({
      participant: { university: "🙂".repeat(100) },
      instructor: { careerYears: 2 ** 31 - 1 },
    });
  });

  test("tells every fault at once", async () => {
    expect(await badPaths({ username: "a b", password: "short", firstName: "7" })).toEqual([
      "input.username",
      "input.password",
      "input.firstName",
    ]);
  });

  test.each([
    [`username: "a b", email: "a@b.kr", password: "long enough", participant: {}`, "input.username"],
    [`username: "ab", email: "a@", password: "long enough", participant: {}`, "input.email"],
    [
      `username: "ab", email: "a@b.kr", password: "long enough", participant: { university: 7 }`,
      "input.participant.university",
    ],
    [
      `username: "ab", email: "a@b.kr", password: "long enough", instructor: { careerYears: -1 }`,
      "input.instructor.careerYears",
    ],
    [`username: "ab", email: "a@b.kr", password: "long enough", participant: {}, locale: FR`, "input.locale"],
    [`username: "ab", email: "a@b.kr", password: "nul \\u0000 byte", participant: {}`, "input.password"],
    [`username: null, email: "a@b.kr", password: "long enough", participant: {}`, "input.username"],
  ])("finds the fault in the document itself: %s", async (input, path) => {
    const document = `mutation { signUp(input: { ${input} }) { __typename } }`;
    const faults = await withoutChange(server.database, () => server.anonymous.with({}).fieldFaults(document));
    expect(Object.keys(faults)).toEqual([path]);
    expect(await server.anonymous.with({}).errorCode(document)).toBe("BAD_USER_INPUT");
  });

  test("says in Korean or English what is wrong", async () => {
    const message = async (language: string) =>
      await server.anonymous
        .with({ headers: { "accept-language": language } })
        .fieldFaults(signUp, { input: newcomer({ password: "short", email: "x" }) });
    expect(await message("en")).toEqual({ "input.email": "Must be an e-mail address." });
    expect(await message("ko")).toEqual({ "input.email": "이메일 주소여야 합니다." });
  });
});
