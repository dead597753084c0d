import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { startTestServer, type TestServer } from "../../support/test-server.ts";
import { duels } from "../races.ts";

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());

test("one ADMIN is left each time, when the only two demote or deactivate each other at once", async () => {
  expect(await duels(server, 100)).toEqual(Array(100).fill(1));
}, 120_000);
