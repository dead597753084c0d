import { afterEach, beforeEach, describe, expect, jest, test } from "@jest/globals";
import { GraphqlClient } from "../support/client.ts";
import { createTestDatabase, type TestDatabase } from "../support/database.ts";
import { DataFolder, runCommand, startProgram, summaryOf } from "../support/programs.ts";

jest.setTimeout(60_000);

const secret = "a secret of the test that is long enough";
const whoAmI = `mutation { updateViewer(input: {}) { ... on UpdateViewerSuccess { user {
  username email staffRole participant { accepted } instructor { company }
} } } }`;

interface MadeSession {
  userId: string;
  username: string;
  token: string;
}

function sessionsOf(stdout: string): MadeSession[] {
  return stdout
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
}

describe("on a database of its own", () => {
  let database: TestDatabase;
  let variables: Record<string, string>;

  beforeEach(async () => {
    database = await createTestDatabase();
    variables = { NODE_ENV: "test", DATABASE_URL: database.url, AUDIT_DATABASE_URL: database.auditUrl };
  });
  afterEach(() => database.drop());

  const createStaff = (options: string[], input?: string) => runCommand(["create-staff", ...options], variables, input);
  const accountOf = (username: string, email: string, role: string) => [
    ...["--username", username, "--email", email, "--role", role, "--password-stdin"],
  ];
  const countUsers = async () => (await database.sql("select id from users")).length;

  describe("create-sessions", () => {
    test("makes accepted participants, each logged in, and writes nothing but a line for each", async () => {
      const { code, stdout, stderr } = await runCommand(["create-sessions", "--count", "1002"], variables);
      expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
      const sessions = sessionsOf(stdout);
      expect(sessions.map((session) => Object.keys(session).sort())).toEqual(
        Array(1002).fill(["token", "userId", "username"]),
      );
      const users = await database.sql(
        `select users.id as "userId", username from users
         join sessions on user_id = users.id and ended_at is null and expires_at > now() + interval '13 days'
         where participant_accepted and active and password_hash = '!'`,
      );
      const made = sessions.map(({ userId, username }) => ({ userId, username }));
      expect(new Set(users.map((user) => JSON.stringify(user)))).toEqual(
        new Set(made.map((user) => JSON.stringify(user))),
      );
      expect(users.length).toBe(1002);
    });

    test("is refused in production, with nothing written, even where nothing is configured", async () => {
      for (const environment of [
        { ...variables, NODE_ENV: "production", SESSION_SECRET: secret },
        { NODE_ENV: "production" },
      ]) {
        const { code, stdout, stderr } = await runCommand(["create-sessions", "--count", "1"], environment);
        expect({ code, stdout, stderr: stderr.trim() }).toEqual({
          code: 1,
          stdout: "",
          stderr: "Generated participants have no place in production: create-sessions does not run there.",
        });
      }
      expect(await countUsers()).toBe(0);
    });

    test.each(["0", "100001", "-1", "1.5", "1e3", "many", ""])("does not make %j of them", async (count) => {
      const { code, stdout, stderr } = await runCommand(["create-sessions", "--count", count], variables);
      expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
      expect(stderr).toContain("Expected a whole number from 1 to 100000.");
      expect(await countUsers()).toBe(0);
    });
  });

  describe("create-staff", () => {
    test("makes a staff account with a participant profile, whose owner can log in (A1, A2)", async () => {
      const { code, stdout } = await createStaff(accountOf("Boss", "Boss@example.com", "ADMIN"), "pass phrase 암호\n");
      expect({ code, stdout }).toEqual({
        code: 0,
        stdout: "The account Boss has been made, with the staff role ADMIN.\n",
      });
      const server = startProgram("main", [], { ...variables, LOG_LEVEL: "info" });
      try {
        const [, origin] = (await server.hasWritten('"serving"')).match(/"address":"([^"]+)"/) ?? [];
        const client = new GraphqlClient({ url: `${origin}/graphql` });
        const { logIn } = await client.data(
          `mutation { logIn(input: { login: "boss", password: "pass phrase 암호" }) {
             ... on LogInSuccess { session { token } } } }`,
        );
        expect(await client.with({ token: logIn.session.token }).data(whoAmI)).toEqual({
          updateViewer: {
            user: {
              username: "Boss",
              email: "Boss@example.com",
              staffRole: "ADMIN",
              participant: { accepted: true },
              instructor: null,
            },
          },
        });
      } finally {
        await server.stop();
      }
    });

    test("tells what is taken, whatever the case, and changes nothing (A1)", async () => {
      await createStaff(accountOf("boss", "boss@example.com", "EDITOR"), "long enough");
      const users = await database.sql("select * from users");
      const { code, stdout, stderr } = await createStaff(accountOf("BOSS", "Boss@Example.com", "ADMIN"), "long enough");
      expect({ code, stdout, stderr: stderr.trim() }).toEqual({
        code: 1,
        stdout: "",
        stderr: "username: BOSS is taken.\nemail: Boss@Example.com is taken.",
      });
      expect(await database.sql("select * from users")).toEqual(users);
    });

    test.each([
      ["a username with a space", accountOf("the boss", "a@example.com", "ADMIN"), "long enough", "username: 1 to 50"],
      [
        "an e-mail address without a domain",
        accountOf("boss", "boss@", "ADMIN"),
        "long enough",
        "email: This is no e-mail",
      ],
      ["a short password", accountOf("boss", "a@example.com", "ADMIN"), "1234567\n", "password: 8 to 128 characters."],
      ["no password", accountOf("boss", "a@example.com", "ADMIN"), "", "password: 8 to 128 characters."],
      ["a role that there is not", accountOf("boss", "a@example.com", "KING"), "long enough", "ADMIN, EDITOR, VIEWER"],
      ["no e-mail address", ["--username", "boss", "--role", "ADMIN"], "", "--email"],
      [
        "nobody at a terminal",
        accountOf("boss", "a@example.com", "ADMIN").filter((option) => option !== "--password-stdin"),
        "long enough",
        "There is no terminal to ask for the password at.",
      ],
    ])("refuses %s (A1)", async (_what, options, input, message) => {
      const { code, stdout, stderr } = await createStaff(options, input);
      expect({ code, stdout, stderr }).toEqual({ code: 1, stdout: "", stderr: expect.stringContaining(message) });
      expect(stderr).not.toMatch(/^ +at /m);
      expect(await countUsers()).toBe(0);
    });
  });

  test("production takes its migrations and its first account from the tools before it starts", async () => {
    await database.sql("drop schema public cascade");
    await database.sql("drop schema if exists mikro_orm cascade");
    await database.sql("create schema public");
    await database.sql("drop schema graphile_worker cascade");
    await database.auditSql("drop schema public cascade");
    await database.auditSql("drop schema if exists mikro_orm cascade");
    await database.auditSql("create schema public");
    const production = {
      NODE_ENV: "production",
      HOST: "127.0.0.1",
      DATABASE_URL: database.url,
      AUDIT_DATABASE_URL: database.auditUrl,
      MAIL_URL: "smtp://127.0.0.1:1",
      MAIL_FROM: "Seminars <seminars@example.org>",
      SESSION_SECRET: secret,
    };
    for (const refused of [
      startProgram("main", [], production).ended,
      runCommand(["create-staff", ...accountOf("boss", "boss@example.com", "ADMIN")], production, "long enough"),
    ]) {
      expect(await refused).toMatchObject({
        code: 1,
        stderr: expect.stringMatching(/lacks \d+ migration.*0001-.*npm run migrate/),
      });
    }
    expect(await runCommand(["migrate"], production)).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^(Done: \d{4}-\S+\n)+(Done: jobs\/\d{4}\n)+(Done: audit\/\d{4}-\S+\n)+$/),
    });
    expect(await runCommand(["migrate"], production)).toMatchObject({
      code: 0,
      stdout: "Nothing to do: all migrations have been run.\n",
    });
    expect(
      await runCommand(["create-staff", ...accountOf("boss", "boss@example.com", "ADMIN")], production, "long enough"),
    ).toMatchObject({ code: 0 });

    const server = startProgram("main", [], production);
    await server.hasWritten('"serving"');
    expect(await server.stop()).toMatchObject({ code: 0, stderr: "" });
    expect(await database.sql("select username, staff_role from users")).toEqual([
      { username: "boss", staff_role: "ADMIN" },
    ]);
  });
});

test("the tools work alone on a data folder, and beside the server that runs on it", async () => {
  const folder = await DataFolder.make();
  try {
    const alone = await runCommand(["create-sessions", "--count", "2"], folder.variables);
    expect(alone).toMatchObject({ code: 0, stderr: "" });
    expect(await folder.isInUse()).toBe(false);

    const server = folder.serve();
    const { origin, text } = await summaryOf(server);
    expect(text).not.toContain("Demo accounts");
    const beside = await runCommand(["create-sessions", "--count", "2"], folder.variables);
    expect(beside).toMatchObject({ code: 0, stderr: "" });
    expect(await runCommand(["migrate"], folder.variables)).toMatchObject({ code: 0 });
    for (const { username, token } of [...sessionsOf(alone.stdout), ...sessionsOf(beside.stdout)]) {
      const client = new GraphqlClient({ url: `${origin}/graphql`, token });
      expect(await client.data(whoAmI)).toMatchObject({ updateViewer: { user: { username } } });
    }
    expect(await server.stop()).toMatchObject({ code: 0 });
  } finally {
    await folder.remove();
  }
});

test("a command that there is not is told with those that there are", async () => {
  const { code, stdout, stderr } = await runCommand(["fly"], {});
  expect({ code, stdout, stderr }).toEqual({
    code: 1,
    stdout: "",
    stderr: expect.stringContaining("unknown command 'fly'"),
  });
});
