import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import pg from "pg";
import { StaffRole } from "../../src/platform/auth/staff-role.ts";
import { join } from "../enrollment/acts.ts";
import { patience } from "../support/crowd.ts";
import { createTestDatabase, type TestDatabase } from "../support/database.ts";
import { eventually } from "../support/failover.ts";
import { startTestServer, type TestServer } from "../support/test-server.ts";
import { dropEnrollments } from "./enrollments/enrollment-acts.ts";

describe("while the only connection of staff is in use", () => {
  let database: TestDatabase;
  let server: TestServer;
  let holder: pg.Client;
  beforeAll(async () => {
    database = await createTestDatabase();
    server = await startTestServer({
      database,
      variables: { ...patience, STAFF_POOL_SIZE: "1", STAFF_STATEMENT_TIMEOUT_MS: "120000" },
    });
    holder = new pg.Client({ connectionString: database.url });
    await holder.connect();
  });
  afterAll(async () => {
    await holder.end();
    await server.stop();
    await database.drop();
  });

  /** How many connections to the primary are in use, and how many operations wait for one. */
  async function connections(lane: "staff" | "write") {
    const text = await (await fetch(`${server.origin}/metrics`)).text();
    const value = (series: string, labels: string) =>
      Number(text.match(new RegExp(`^${series}\\{server="primary",lane="${lane}"${labels}\\} (\\d+)$`, "m"))?.[1] ?? 0);
    return { busy: value("seminar_pool_connections", ',state="busy"'), waiting: value("seminar_pool_waiting", "") };
  }

  test("staff wait for each other, and nobody waits for them", async () => {
    const editors = await server.world.people(2, { staffRole: StaffRole.EDITOR });
    const people = await server.world.people(3);
    const seminars = [await server.world.seminar(), await server.world.seminar()];
    const enrollments = await Promise.all(
      seminars.map((seminar) => server.world.enroll(seminar, people[0] as { id: string })),
    );
    await holder.query("begin");
    await holder.query("select from seminars where id = $1 for update", [seminars[0]?.id]);
    const dropping = editors.map((editor, index) => dropEnrollments(editor, [enrollments[index]?.id as string]));
    await eventually(async () => (await connections("staff")).waiting === 1, "the second one waits for the first");
    expect(await connections("staff")).toEqual({ busy: 1, waiting: 1 });
    expect(await connections("write")).toEqual({ busy: 0, waiting: 0 });

    const [, joiner, curious] = people;
    if (!joiner || !curious) throw new Error("There are three people.");
    expect((await join(joiner, seminars[1] as { id: string })).__typename).toBe("JoinSeminarSuccess");
    expect(await curious.client.errorCode("{ users { totalCount } }")).toBe("FORBIDDEN");
    expect(
      await curious.client.errorCode("mutation { dropEnrollments(input: { enrollmentIds: [] }) { succeededIds } }"),
    ).toBe("FORBIDDEN");
    expect(await connections("staff")).toEqual({ busy: 1, waiting: 1 });

    await holder.query("commit");
    for (const [index, { succeededIds }] of (await Promise.all(dropping)).entries()) {
      expect(succeededIds).toEqual([enrollments[index]?.id]);
    }
  });
});
