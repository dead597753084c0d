import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import pg from "pg";
import { StaffRole } from "../../src/platform/auth/staff-role.ts";
import { makeCrowd } from "../support/crowd.ts";
import { writingNothing } from "../support/every-row.ts";
import { startTestServer, type TestServer } from "../support/test-server.ts";
import type { Person } from "../support/world.ts";
import { bulk, bulkDocument } from "./acts.ts";
import { entriesAbout } from "./audit-trail.ts";
import { refusals } from "./enrollments/enrollment-acts.ts";

describe("A bulk mutation", () => {
  let server: TestServer;
  let admins: [Person, Person];
  beforeAll(async () => {
    server = await startTestServer({ variables: { LOCK_TIMEOUT_MS: "500" } });
    admins = (await server.world.people(2, { staffRole: StaffRole.ADMIN })) as [Person, Person];
  });
  afterAll(() => server.stop());

  test("answers once for each id as it was given, and does the same thing once", async () => {
    const person = await server.world.person({ accepted: false });
    const userIds = [person.id, "nobody", person.id.toUpperCase(), person.id, "nobody", ""];
    const answer = await bulk(admins[0], "setParticipantsAccepted", { userIds, accepted: true });
    expect(answer.succeededIds).toEqual([person.id, person.id]);
    expect(refusals(answer).map(([id]) => id)).toEqual(["nobody", person.id.toUpperCase(), "nobody", ""]);
    expect(refusals(answer).map(([, code]) => code)).toEqual(Array(4).fill("NOT_FOUND"));
    expect(await entriesAbout(server.database, person.id)).toHaveLength(1);
  });

  test("of nothing does nothing", async () => {
    const answer = await bulk(admins[0], "setUsersActive", { userIds: [], active: false });
    expect(answer).toEqual({ succeededIds: [], refused: [] });
  });

  test.each([
    ["setParticipantsAccepted", "userIds", { accepted: false }],
    ["setUsersActive", "userIds", { active: false }],
    ["cancelSeminars", "seminarIds", {}],
  ])("%s takes no more than 500 ids", async (mutation, field, rest) => {
    const ids = Array(501).fill(admins[1].id);
    const faults = await writingNothing(server.database, () =>
      admins[0].client.fieldFaults(bulkDocument(mutation), { input: { [field]: ids, ...rest } }),
    );
    expect(faults).toEqual({ [`input.${field}`]: "At most 500 at a time." });
  });

  test("that meets a lock for too long is OVERLOADED; what was done is done, and asking again does the rest", async () => {
    const seminars = await Promise.all(Array.from({ length: 3 }, () => server.world.seminar()));
    const ids = seminars.map(({ id }) => id).sort();
    const holder = new pg.Client({ connectionString: server.database.url });
    await holder.connect();
    await holder.query("begin");
    await holder.query("select from seminars where id = $1 for update", [ids[1]]);
    const input = { seminarIds: ids };
    expect(await admins[0].client.errorCode(bulkDocument("cancelSeminars"), { input })).toBe("OVERLOADED");
    await holder.end();
    expect(await entriesAbout(server.database, ...ids)).toHaveLength(1);

    const again = await bulk(admins[0], "cancelSeminars", input);
    expect(again.succeededIds).toEqual(ids.slice(1));
    expect(refusals(again)).toEqual([[ids[0], "NOT_SCHEDULED"]]);
    expect(await entriesAbout(server.database, ...ids)).toHaveLength(3);
  });

  const opposites: [string, string, string][] = [
    ["setParticipantsAccepted", "accepted", "participantAccepted"],
    ["setUsersActive", "active", "active"],
  ];
  test.each(opposites)(
    "%s of the same 500 users by two at once, one this way and one that way, is answered truly for each",
    async (mutation, field, changed) => {
      const ids = (await makeCrowd(server.database, 500)).map(({ id }) => id);
      const [no, yes] = await Promise.all([
        bulk(admins[0], mutation, { userIds: ids, [field]: false }),
        bulk(admins[1], mutation, { userIds: ids.toReversed(), [field]: true }),
      ]);
      expect([no, yes]).toEqual([
        { succeededIds: ids, refused: [] },
        { succeededIds: ids.toReversed(), refused: [] },
      ]);
      const rows = await server.database.sql<{ id: string; value: boolean }>(
        `select id, ${changed === "active" ? "active" : "participant_accepted"} as value from users
         where id = any($1::uuid[])`,
        [ids],
      );
      const value = new Map(rows.map((row) => [row.id, row.value]));
      const entries = Map.groupBy(await entriesAbout(server.database, ...ids), ([, , targetId]) => targetId);
      for (const id of ids) {
        const changes = entries.get(id)?.map((entry) => entry[3]);
        const taken = { [changed]: [true, false] };
        expect(changes).toEqual(value.get(id) ? [taken, { [changed]: [false, true] }] : [taken]);
      }
    },
    60_000,
  );
});
