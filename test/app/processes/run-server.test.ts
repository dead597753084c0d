import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import { GraphqlClient } from "../../support/client.ts";
import { DataFolder, startProgram, startScript, summaryOf } from "../../support/programs.ts";

jest.setTimeout(60_000);

const logIn = `mutation LogIn($login: String!, $password: String!) {
  logIn(input: { login: $login, password: $password }) { ... on LogInSuccess { session { token } } }
}`;
const signUp = `mutation SignUp($username: String!, $email: EmailAddress!) {
  signUp(input: { username: $username, email: $email, password: "seminar-demo", participant: {} }) {
    ... on SignUpSuccess { session { token } }
  }
}`;
// Mutations, which are served by the primary: a replica may still lack what was written a moment ago.
const whoAmI = `mutation { updateViewer(input: {}) { ... on UpdateViewerSuccess { user { username staffRole } } } }`;
const catalogue = `{ seminars(first: 100) { nodes { id } } }`;

/** Cluster, migrations and demo data, made by a first start. */
let template: DataFolder;

/** Lends a test a folder on which a server has run before. */
async function inFolder(test: (folder: DataFolder) => Promise<void>): Promise<void> {
  const folder = await DataFolder.make(template);
  try {
    await test(folder);
  } finally {
    await folder.remove();
  }
}

function clientOf(origin: string, token?: string): GraphqlClient {
  return new GraphqlClient({ url: `${origin}/graphql`, token });
}

async function logInAt(origin: string, login: string): Promise<GraphqlClient> {
  const { logIn: result } = await clientOf(origin).data(logIn, { login, password: "seminar-demo" });
  return clientOf(origin, result.session.token);
}

describe("the server on its embedded cluster", () => {
  let firstSummary: string;
  beforeAll(async () => {
    template = await DataFolder.make();
    const server = template.serve();
    firstSummary = (await summaryOf(server)).text;
    await server.stop();
  });
  afterAll(() => template.remove());

  test("tells at its first start where everything is, the demo accounts, and a request that works", () =>
    inFolder(async (folder) => {
      const { text, origin } = await summaryOf(folder.serve());
      for (const summary of [firstSummary, text]) {
        expect(summary).toMatch(/Graph +http:\/\/localhost:\d+\/graphql/);
        expect(summary).toMatch(/^DATABASE_URL=postgres:\/\/\S+\/seminar$/m);
        expect(summary).toMatch(/^AUDIT_DATABASE_URL=postgres:\/\/\S+\/seminar_audit$/m);
        expect(summary).toMatch(/Mails +http:\/\/localhost:\d+\/dev\/mail/);
        expect(summary).toMatch(/^DATABASE_REPLICA_URLS=postgres:\/\/\S+\/seminar$/m);
        for (const name of ["admin", "editor", "observer", "instructor", "participant", "seminar-demo"]) {
          expect(summary).toContain(name);
        }
      }
      const [, url = "", body = ""] =
        text.match(/curl (\S+) -H 'content-type: application\/json' \\\n +-d '(.*)'/) ?? [];
      const response = await fetch(url, { method: "POST", headers: { "content-type": "application/json" }, body });
      expect(await response.json()).toMatchObject({ data: { seminars: { nodes: { length: 3 } } } });
      expect((await fetch(`${origin}/health/ready`)).status).toBe(200);
      expect(await (await logInAt(origin, "admin")).data(whoAmI)).toEqual({
        updateViewer: { user: { username: "admin", staffRole: "ADMIN" } },
      });
    }));

  test("has its data, sessions and demo data, made once, at the next start", () =>
    inFolder(async (folder) => {
      const first = folder.serve();
      const before = await summaryOf(first);
      const account = { username: "newcomer", email: "newcomer@example.com" };
      const { token } = (await clientOf(before.origin).data(signUp, account)).signUp.session;
      const seminars = await clientOf(before.origin).data(catalogue);
      expect(await first.stop()).toMatchObject({ code: 0 });
      expect(await folder.isInUse()).toBe(false);

      const after = await summaryOf(folder.serve());
      expect(await clientOf(after.origin, token).data(whoAmI)).toMatchObject({
        updateViewer: { user: { username: "newcomer" } },
      });
      expect(await clientOf(after.origin).data(catalogue)).toEqual(seminars);
      expect(seminars.seminars.nodes.length).toBeGreaterThan(3);
    }));

  test("shares its databases with a second server, and its data folder with none", () =>
    inFolder(async (folder) => {
      const first = folder.serve();
      const { origin, databases } = await summaryOf(first);
      const second = folder.serve({ ...databases, DATA_DIR: "/nowhere" });
      const beside = await summaryOf(second);
      expect(beside.databases).toEqual({ DATABASE_URL: "", DATABASE_REPLICA_URLS: "", AUDIT_DATABASE_URL: "" });
      const { token } = (await clientOf(origin).data(signUp, { username: "a", email: "a@example.com" })).signUp.session;
      expect(await clientOf(beside.origin, token).data(whoAmI)).toMatchObject({
        updateViewer: { user: { username: "a" } },
      });

      const { code, stderr } = await folder.serve().ended;
      expect({ code, stderr }).toEqual({
        code: 1,
        stderr: expect.stringContaining(`in use by the process ${first.child.pid}`),
      });
      expect(stderr).not.toMatch(/^ +at /m);
      expect((await fetch(`${origin}/health/ready`)).status).toBe(200);

      expect(await second.stop()).toMatchObject({ code: 0 });
      expect(await first.stop()).toMatchObject({ code: 0 });
    }));

  test("gives up a start in which it is asked to end, and can be started again", () =>
    inFolder(async (folder) => {
      for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) {
        const server = folder.serve({ EMBEDDED_REPLICAS: "2" });
        await server.hasWritten(signal === "SIGINT" ? "Making replica-2" : "Starting the databases");
        expect(await server.stop(signal)).toMatchObject({ code: 0, stdout: "" });
        expect(await folder.isInUse()).toBe(false);
      }
      await summaryOf(folder.serve());
    }));

  test("with several processes, gives up a start likewise, and starts again after it was killed", () =>
    inFolder(async (folder) => {
      const API_PROCESSES = "2";
      const given = folder.serve({ API_PROCESSES });
      await given.hasWritten("Starting 2 processes");
      expect(await given.stop("SIGINT")).toMatchObject({ code: 0, stdout: "" });
      expect(await folder.isInUse()).toBe(false);

      const killed = folder.serve({ API_PROCESSES });
      const before = await summaryOf(killed);
      const { signUp: result } = await clientOf(before.origin).data(signUp, { username: "b", email: "b@example.com" });
      await killed.stop("SIGKILL");

      const server = folder.serve({ API_PROCESSES });
      const after = await summaryOf(server);
      expect(await clientOf(after.origin, result.session.token).data(whoAmI)).toMatchObject({
        updateViewer: { user: { username: "b" } },
      });
      expect(await server.stop()).toMatchObject({ code: 0 });
      expect(await folder.isInUse()).toBe(false);
    }));

  test("ends in good order below npm, however often it is asked to", () =>
    inFolder(async (folder) => {
      const npm = folder.track(startScript("start", folder.variables));
      await summaryOf(npm);
      npm.child.kill("SIGINT");
      const { code, stdout } = await npm.stop("SIGTERM");
      expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringMatching(/stopping.*stopped/s) });
      expect(await folder.isInUse()).toBe(false);
    }));

  test("names PORT when the port is taken, and stops what it has started", () =>
    inFolder(async (folder) => {
      const { origin, databases } = await summaryOf(folder.serve());
      const PORT = new URL(origin).port;
      const other = await DataFolder.make(template);
      try {
        for (const variables of [other.variables, databases]) {
          const server = other.track(startProgram("main", [], { ...variables, PORT }));
          const { code, stdout, stderr } = await server.ended;
          expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
          expect(stderr).toContain(`The port ${PORT} is taken by another program. Choose another one with PORT`);
          expect(stderr).not.toMatch(/^ +at /m);
          expect(await other.isInUse()).toBe(false);
        }
      } finally {
        await other.remove();
      }
    }));
});

describe("a start that cannot be", () => {
  test("tells where no database is, without the password", async () => {
    const DATABASE_URL = "postgres://bob:s3cret@127.0.0.1:1/seminar";
    const { code, stdout, stderr } = await startProgram("main", [], { DATABASE_URL, AUDIT_DATABASE_URL: DATABASE_URL })
      .ended;
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toContain("The database seminar at 127.0.0.1:1 (DATABASE_URL) cannot be used: connect ECONNREFUSED");
    expect(stderr).not.toContain("s3cret");
    expect(stderr).not.toMatch(/^ +at /m);
  });

  test("tells every fault of its variables", async () => {
    const { code, stderr } = await startProgram("main", [], { NODE_ENV: "production", PORT: "x" }).ended;
    expect(code).toBe(1);
    for (const name of ["AUDIT_DATABASE_URL", "DATABASE_URL", "MAIL_URL", "PORT", "SESSION_SECRET"])
      expect(stderr).toContain(`  - ${name}: expected`);
  });
});
