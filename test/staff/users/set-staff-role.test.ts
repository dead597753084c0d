import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { StaffRole } from "../../../src/platform/auth/staff-role.ts";
import { writingNothing } from "../../support/every-row.ts";
import { startTestServer, type TestServer } from "../../support/test-server.ts";
import type { Person } from "../../support/world.ts";
import { bulk, setStaffRole, setStaffRoleDocument } from "../acts.ts";
import { entriesAbout } from "../audit-trail.ts";

describe("setStaffRole", () => {
  let server: TestServer;
  let admin: Person;
  beforeAll(async () => {
    server = await startTestServer();
    admin = await server.world.person({ staffRole: StaffRole.ADMIN });
  });
  afterAll(() => server.stop());

  test("gives a role, another one, and none; each holds for open sessions at once", async () => {
    const person = await server.world.person();
    const mayLook = async () => (await person.client.send("{ auditEntries { totalCount } }")).body.errors === undefined;
    const mayEdit = async () =>
      (await person.client.send("mutation { cancelSeminars(input: { seminarIds: [] }) { succeededIds } }")).body
        .errors === undefined;
    const seen: unknown[] = [[await mayLook(), await mayEdit()]];
    for (const role of ["VIEWER", "EDITOR", null]) {
      expect(await setStaffRole(admin, person.id, role)).toEqual({
        __typename: "SetStaffRoleSuccess",
        user: { id: person.id, staffRole: role, active: true },
      });
      seen.push([await mayLook(), await mayEdit()]);
    }
    expect(seen).toEqual([
      [false, false],
      [true, false],
      [true, true],
      [false, false],
    ]);
    expect(await entriesAbout(server.database, person.id)).toEqual(
      [
        [null, "VIEWER"],
        ["VIEWER", "EDITOR"],
        ["EDITOR", null],
      ].map((staffRole) => ["setStaffRole", "User", person.id, { staffRole }]),
    );
  });

  test("the role that somebody has already succeeds, and leaves no trace", async () => {
    const person = await server.world.person({ staffRole: StaffRole.VIEWER });
    const answer = await writingNothing(server.database, () => setStaffRole(admin, person.id, "VIEWER"));
    expect(answer.__typename).toBe("SetStaffRoleSuccess");
    expect(await entriesAbout(server.database, person.id)).toEqual([]);
  });

  test.each(["01980000-0000-7000-8000-000000000000", "nobody", ""])("the id %j is NOT_FOUND", async (userId) => {
    const code = await writingNothing(server.database, () =>
      admin.client.errorCode(setStaffRoleDocument, { input: { userId, staffRole: "VIEWER" } }),
    );
    expect(code).toBe("NOT_FOUND");
  });

  test("whoever gives up the own role has none for the rest of the operation", async () => {
    const leaving = await server.world.person({ staffRole: StaffRole.ADMIN });
    const other = await server.world.person();
    const { body } = await leaving.client.send(
      `mutation ($own: ID!, $other: ID!) {
        first: setStaffRole(input: { userId: $own }) { ... on SetStaffRoleSuccess { user { staffRole active } } }
        second: setStaffRole(input: { userId: $other, staffRole: ADMIN }) { __typename }
      }`,
      { own: leaving.id, other: other.id },
    );
    expect(body.errors).toMatchObject([{ path: ["second"], extensions: { code: "FORBIDDEN" } }]);
    const rows = await server.database.sql("select staff_role from users where id = any($1::uuid[])", [
      [leaving.id, other.id],
    ]);
    expect(rows).toEqual([{ staff_role: null }, { staff_role: null }]);
  });
});

describe("the last active ADMIN", () => {
  let server: TestServer;
  let admin: Person;
  beforeAll(async () => {
    server = await startTestServer();
    admin = await server.world.person({ staffRole: StaffRole.ADMIN });
    await server.world.person({ staffRole: StaffRole.ADMIN, active: false });
    await server.world.person({ staffRole: StaffRole.EDITOR });
  });
  afterAll(() => server.stop());

  test.each(["EDITOR", null])("cannot become %j", async (role) => {
    const answer = await writingNothing(server.database, () => setStaffRole(admin, admin.id, role));
    expect(answer).toEqual({
      __typename: "SetStaffRoleRefusal",
      code: "LAST_ADMIN",
      message: "The last active ADMIN has to stay one.",
    });
  });

  test("cannot be deactivated, but others in the same bulk are", async () => {
    const person = await server.world.person();
    const answer = await bulk(admin, "setUsersActive", { userIds: [admin.id, person.id], active: false });
    expect(answer).toMatchObject({ succeededIds: [person.id], refused: [{ id: admin.id, code: "LAST_ADMIN" }] });
    expect(await setStaffRole(admin, admin.id, "ADMIN")).toMatchObject({ user: { active: true } });
  });

  test("may go once there is another one", async () => {
    const next = await server.world.person();
    await setStaffRole(admin, next.id, "ADMIN");
    expect(await bulk(next, "setUsersActive", { userIds: [admin.id], active: false })).toMatchObject({
      succeededIds: [admin.id],
    });
    expect(await setStaffRole(next, next.id, "VIEWER")).toMatchObject({ code: "LAST_ADMIN" });
    await setStaffRole(next, admin.id, "VIEWER");
  });
});
