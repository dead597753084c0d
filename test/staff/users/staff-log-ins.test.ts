import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { hashPassword } from "../../../src/platform/auth/passwords.ts";
import { StaffRole } from "../../../src/platform/auth/staff-role.ts";
import { logIn } from "../../support/account-operations.ts";
import { startTestServer, type TestServer } from "../../support/test-server.ts";

const password = "correct horse battery";
let server: TestServer;
let passwordHash: string;
beforeAll(async () => {
  server = await startTestServer();
  passwordHash = await hashPassword(password);
});
afterAll(() => server.stop());

/** What the log says of a log-in with this password, beside the line that every operation has. */
async function logged(login: string, tried: string) {
  const { headers, body } = await server.anonymous.with({}).send(logIn, { input: { login, password: tried } });
  const lines = server.logLines.filter((line) => line.includes(headers.get("x-request-id") as string));
  for (const secret of [tried, body.data.logIn.session?.token ?? tried]) expect(lines.join()).not.toContain(secret);
  return lines.map((line) => JSON.parse(line)).filter(({ msg }) => msg !== "operation");
}

describe("the log", () => {
  test.each(Object.values(StaffRole))("tells that staff logged in: %s", async (staffRole) => {
    const person = await server.world.person({ staffRole, passwordHash });
    expect(await logged(person.username, password)).toEqual([
      expect.objectContaining({ level: 30, viewerId: person.id, staffRole, msg: "staff logged in" }),
    ]);
  });

  test("tells it of nobody else, and not of an attempt that failed", async () => {
    const person = await server.world.person({ passwordHash });
    const admin = await server.world.person({ staffRole: StaffRole.ADMIN, passwordHash });
    expect(await logged(person.username, password)).toEqual([]);
    expect(await logged(admin.username, `${password}!`)).toEqual([]);
  });
});
