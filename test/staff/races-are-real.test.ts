import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import { StaffRole } from "../../src/platform/auth/staff-role.ts";
import { full } from "../enrollment/joining/situations.ts";
import type { TestServer } from "../support/test-server.ts";
import { duels, leftBehind } from "./races.ts";

jest.unstable_mockModule("../../src/accounts/users/lock-users.ts", async () => {
  const { sql } = await import("kysely");
  const { selectRows } = await import("../../src/platform/database/sql/select-rows.ts");
  const { User } = await import("../../src/accounts/users/user.entity.ts");
  const lockUsers: typeof import("../../src/accounts/users/lock-users.ts").lockUsers = async (em, condition) => {
    const found = await selectRows(em, sql<{ id: string }>`select id from users where ${condition}`);
    return await em.find(User, { id: { $in: found.map(({ id }) => id) } });
  };
  return { lockUsers };
});
const { startTestServer } = await import("../support/test-server.ts");

describe("Without the locks of users", () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer();
  });
  afterAll(() => server.stop());

  test("two ADMINs who go for each other at once can both be gone", async () => {
    expect(await duels(server, 30)).toContain(0);
  }, 120_000);

  test("somebody who queues while being deactivated can stay on a waiting list", async () => {
    const admin = await server.world.person({ staffRole: StaffRole.ADMIN });
    const seminars = await Promise.all(Array.from({ length: 4 }, () => full(server)));
    expect(await leftBehind(server, admin, seminars, 50)).not.toBeNull();
  }, 120_000);
});
