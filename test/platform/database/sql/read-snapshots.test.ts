import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { EntityClass } from "@mikro-orm/postgresql";
import { sql } from "kysely";
import { User } from "../../../../src/accounts/users/user.entity.ts";
import { Seminar } from "../../../../src/catalogue/seminar.entity.ts";
import { Enrollment, EnrollmentStatus } from "../../../../src/enrollment/enrollment.entity.ts";
import { readSnapshots } from "../../../../src/platform/database/sql/read-snapshots.ts";
import { startTestServer, type TestServer } from "../../../support/test-server.ts";

describe("an entity that was read", () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer();
    const { world } = server;
    const instructor = await world.person({ instructor: true, firstName: "Ada", lastName: "Lovelace" });
    const seminar = await world.seminar(
      {
        description: "Everything about it",
        startsOn: "2026-12-24",
        registrationOpensAt: new Date("2026-01-02T03:04:05.678Z"),
        registrationClosesAt: new Date("2026-11-12T13:14:15Z"),
      },
      instructor,
    );
    await world.seminar();
    await world.enroll(seminar, await world.person(), { status: EnrollmentStatus.DROPPED });
    await world.enroll(seminar, await world.person({ participant: false, instructor: true, active: false }));
  });
  afterAll(() => server.stop());

  test.each<[string, EntityClass<{ id: string }>]>([
    ["user", User],
    ["seminar", Seminar],
    ["enrollment", Enrollment],
  ])("is a %s with all that the ORM would have found", async (_name, entity) => {
    const em = server.app.orm.em.fork();
    const found = await em.find(entity, {}, { orderBy: { id: "asc" } });
    const read = await readSnapshots(em, entity, sql`order by id`);
    expect(read.length).toBeGreaterThan(1);
    expect(read.map((item) => ({ ...item }))).toEqual(found.map((item) => ({ ...item })));
    for (const item of read) expect(item).toBeInstanceOf(entity);
  });

  test("is not written when it is changed", async () => {
    const em = server.app.orm.em.fork();
    const [user] = await readSnapshots(em, User, sql`order by id limit 1`);
    (user as User).username = "somebody-else";
    await em.flush();
    expect(await server.database.sql("select id from users where username = 'somebody-else'")).toEqual([]);
  });

  test("does not have what the ORM reads only when asked for it", async () => {
    const [user] = await readSnapshots(server.app.orm.em.fork(), User, sql`limit 1`);
    expect(user?.passwordHash).toBeUndefined();
  });
});
