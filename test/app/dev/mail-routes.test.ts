import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import http from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { createMailer } from "../../../src/platform/mail/create-mailer.ts";
import { startTestServer, type TestServer } from "../../support/test-server.ts";

const secret = "what is none of their business";

let dataDir: string;
const servers: TestServer[] = [];
beforeAll(async () => {
  dataDir = await mkdtemp(path.join(tmpdir(), "mails-"));
});
afterAll(async () => {
  for (const server of servers) await server.stop();
  await rm(dataDir, { recursive: true });
});

async function startIn(environment: string, variables: Record<string, string> = {}): Promise<TestServer> {
  const server = await startTestServer({
    variables: { NODE_ENV: environment, DATA_DIR: dataDir, PORT: "0", ...variables },
  });
  servers.push(server);
  return server;
}

/** Sends a path as it is: `fetch` would tidy it up first. */
function get(origin: string, target: string): Promise<{ status: number; type: string; text: string }> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(origin);
    const request = http.get({ hostname, port, path: target, agent: false }, async (response) => {
      const text = (await response.toArray()).join("");
      resolve({ status: response.statusCode ?? 0, type: response.headers["content-type"] ?? "", text });
    });
    request.on("error", reject);
  });
}

describe("development", () => {
  let origin: string;
  beforeAll(async () => {
    ({ origin } = await startIn("development"));
  });

  test("says so when no mail was written yet", async () => {
    expect(await get(origin, "/dev/mail")).toMatchObject({
      status: 200,
      text: expect.stringContaining("No mail yet."),
    });
  });

  test("lists the mails, the newest first, and shows each with its calendar", async () => {
    const folder = path.join(dataDir, "mail");
    const mailer = createMailer({ url: "file:", from: "Seminars <seminars@example.org>", folder });
    const mail = { to: "a@example.com", text: "나의 세미나\n", html: "<p>나의 세미나</p>" };
    await mailer.send({
      ...mail,
      id: `first.${"0199f1f4-7a5e-7c3e-8d2b-5a4f3c2b1a00.".repeat(4)}`,
      subject: "First <b>",
    });
    const calendar = "BEGIN:VCALENDAR\r\nSUMMARY:세미나 & 모임\r\nEND:VCALENDAR\r\n";
    await mailer.send({ ...mail, id: "second", subject: "둘째", calendar });

    const list = await get(origin, "/dev/mail");
    expect(list).toMatchObject({ status: 200, type: "text/html; charset=utf-8" });
    const links = [...list.text.matchAll(/<a href="([^"]+)">([^<]+)<\/a>/g)].map(([, href, text]) => [href, text]);
    expect(links).toEqual([
      [expect.stringMatching(/^\/dev\/mail\/.*_second\.eml$/), "둘째"],
      [expect.stringMatching(/^\/dev\/mail\/.*_first\.0199.*\.eml$/), "First &lt;b&gt;"],
    ]);
    const [second, first] = await Promise.all(links.map(([href]) => get(origin, href as string)));
    expect(second).toMatchObject({ status: 200, type: "text/html; charset=utf-8" });
    expect(second?.text).toContain("a@example.com");
    expect(second?.text).toContain("<pre>나의 세미나\n</pre>");
    expect(second?.text).toContain("SUMMARY:세미나 &amp; 모임");
    expect(first?.text).not.toContain("VCALENDAR");
  });

  test.each([
    ["that is not there", "nothing.eml", 404],
    ["that is no mail", "notes.txt", 404],
    ["that leads out of the folder", "..%2fsecret.eml", 404],
    ["that leads out of the folder by another way", "..%5csecret.eml", 404],
    ["that leads out of the folder and is not encoded", "../../secret.eml", 404],
    ["that is the whole path of a file", "{dataDir}%2fsecret.eml", 404],
    ["with a NUL", "secret.eml%00.eml", 404],
    ["that is a folder", "folder.eml", 404],
    ["that is longer than names of files are", `${"a".repeat(300)}.eml`, 414],
  ])("has no mail of a name %s", async (_what, name, expected) => {
    await writeFile(path.join(dataDir, "secret.eml"), `Subject: ${secret}\r\n\r\n${secret}\r\n`);
    await mkdir(path.join(dataDir, "mail", "folder.eml"), { recursive: true });
    await writeFile(path.join(dataDir, "mail", "notes.txt"), secret);
    const { status, text } = await get(origin, `/dev/mail/${name.replace("{dataDir}", encodeURIComponent(dataDir))}`);
    expect({ status, leaks: text.includes(secret) }).toEqual({ status: expected, leaks: false });
    expect((await get(origin, "/dev/mail")).status).toBe(200);
  });
});

test.each([
  ["production", { HOST: "127.0.0.1", SESSION_SECRET: "a secret of the test that is long enough" }],
  ["test", {}],
])("%s shows nobody's mail", async (environment, variables) => {
  await mkdir(path.join(dataDir, "mail"), { recursive: true });
  await writeFile(path.join(dataDir, "mail", "one.eml"), `Subject: ${secret}\r\n\r\n${secret}\r\n`);
  const { origin } = await startIn(environment, variables);
  for (const target of ["/dev/mail", "/dev/mail/one.eml"]) {
    const { status, text } = await get(origin, target);
    expect({ status, leaks: text.includes(secret) }).toEqual({ status: 404, leaks: false });
  }
});
