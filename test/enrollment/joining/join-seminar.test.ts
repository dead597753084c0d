import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import { SeminarStatus } from "../../../src/catalogue/seminar.entity.ts";
import { EnrollmentRole } from "../../../src/enrollment/enrollment.entity.ts";
import { OnFull } from "../../../src/enrollment/enrollment.inputs.ts";
import { JoinSeminarRefusalCode } from "../../../src/enrollment/enrollment.results.ts";
import { enrollmentTexts } from "../../../src/enrollment/enrollment.texts.ts";
import { Locale } from "../../../src/platform/locale.ts";
import { startTestServer, type TestServer } from "../../support/test-server.ts";
import { withoutChange } from "../../support/unchanged.ts";
import { join, joinDocument } from "../acts.ts";
import { severalObstacles, singleObstacles } from "./obstacles.ts";
import { databaseTime, full } from "./situations.ts";

const { INSTRUCTOR } = EnrollmentRole;

describe("joinSeminar", () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer();
  });
  afterAll(() => server.stop());

  test("gives a participant a seat and says so at once", async () => {
    const seminar = await server.world.seminar({ capacity: 2 });
    const person = await server.world.person();
    const before = await databaseTime(server, "0");
    const answer = await join(person, seminar);
    const after = await databaseTime(server, "0");
    expect(answer).toEqual({
      __typename: "JoinSeminarSuccess",
      enrollment: {
        id: expect.any(String),
        role: "PARTICIPANT",
        status: "ACTIVE",
        joinedAt: expect.any(String),
        droppedAt: null,
        waitlistPosition: null,
      },
      seminar: { id: seminar.id, participantCount: 1, waitlistCount: 0 },
    });
    const joinedAt = Date.parse(answer.enrollment?.joinedAt ?? "");
    expect(joinedAt).toBeGreaterThanOrEqual(before.getTime());
    expect(joinedAt).toBeLessThanOrEqual(after.getTime());
    expect(await enrollments(server, seminar)).toEqual([
      { id: answer.enrollment?.id, user_id: person.id, role: "PARTICIPANT", status: "ACTIVE" },
    ]);
  });

  test("takes an instructor of a full seminar, without a seat", async () => {
    const seminar = await full(server);
    const person = await server.world.person({ participant: false, instructor: true });
    const answer = await join(person, seminar, { role: INSTRUCTOR });
    expect(answer).toMatchObject({
      enrollment: { role: "INSTRUCTOR", status: "ACTIVE" },
      seminar: { participantCount: 1, waitlistCount: 0 },
    });
  });

  test("J7: lets somebody lead who leads only seminars that are over or cancelled", async () => {
    const person = await server.world.person({ instructor: true });
    await server.world.seminar({ status: SeminarStatus.CANCELLED }, person);
    await server.world.seminar({ status: SeminarStatus.FINISHED }, person);
    const answer = await join(person, await server.world.seminar(), { role: INSTRUCTOR });
    expect(answer.__typename).toBe("JoinSeminarSuccess");
  });

  test("J7: lets the instructor of one seminar take part in another", async () => {
    const person = await server.world.person({ instructor: true });
    await server.world.seminar({}, person);
    expect(await join(person, await server.world.seminar())).toMatchObject({ enrollment: { role: "PARTICIPANT" } });
  });

  test("J8: gives the last seat away, and no more", async () => {
    const seminar = await server.world.seminar({ capacity: 2 });
    const codes: (string | undefined)[] = [];
    for (const person of await server.world.people(3)) codes.push((await join(person, seminar)).code);
    expect(codes).toEqual([undefined, undefined, "SEMINAR_FULL"]);
  });

  test("J3: lets people in between opening and closing", async () => {
    const seminar = await server.world.seminar({
      registrationOpensAt: await databaseTime(server, "-1 second"),
      registrationClosesAt: await databaseTime(server, "1 minute"),
    });
    expect((await join(await server.world.person(), seminar)).__typename).toBe("JoinSeminarSuccess");
  });

  test("J3: goes by the clock of the database, not by that of the server", async () => {
    const notOpenYet = await server.world.seminar({ registrationOpensAt: await databaseTime(server, "1 hour") });
    const openForAnHour = await server.world.seminar({ registrationClosesAt: await databaseTime(server, "1 hour") });
    const person = await server.world.person();
    jest.useFakeTimers({ now: Date.now() + 7_200_000, doNotFake: [...everyTimer] });
    try {
      expect((await join(person, notOpenYet)).code).toBe("NOT_OPEN_YET");
      const { enrollment } = await join(person, openForAnHour);
      expect(Date.parse(enrollment?.joinedAt ?? "")).toBeLessThan(Date.now() - 3_600_000);
    } finally {
      jest.useRealTimers();
    }
  });
});

describe("joinSeminar refuses", () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer();
  });
  afterAll(() => server.stop());

  test.each([...singleObstacles, ...severalObstacles])("$name: $codes.0", async ({ make, role, codes }) => {
    const { person, seminar } = await make(server);
    const [row] = await server.database.sql<object>(
      `select id, participant_count as "participantCount", waitlist_count as "waitlistCount" from seminars where id = $1`,
      [seminar.id],
    );
    for (const locale of [Locale.EN, Locale.KO]) {
      await server.database.sql("update users set locale = $2 where id = $1", [person.id, locale]);
      const answer = await withoutChange(server.database, () => join(person, seminar, { role }));
      expect(answer).toEqual({
        __typename: "JoinSeminarRefusal",
        code: codes[0],
        message: enrollmentTexts[codes[0]][locale],
        seminar: row,
      });
    }
  });

  test.each(
    [...singleObstacles, ...severalObstacles].filter(({ codes }) => codes[0] !== JoinSeminarRefusalCode.SEMINAR_FULL),
  )("$name: $codes.0, and the waiting list is no way around it", async ({ make, role, codes }) => {
    const { person, seminar } = await make(server);
    const answer = await withoutChange(server.database, () => join(person, seminar, { role, onFull: OnFull.WAITLIST }));
    expect(answer.code).toBe(codes[0]);
  });

  test("J1: who is not logged in, even before looking for the seminar", async () => {
    const seminar = await server.world.seminar();
    for (const seminarId of [seminar.id, unknownId, "nonsense"]) {
      const code = await withoutChange(server.database, () =>
        server.anonymous.errorCode(joinDocument, { input: { seminarId } }),
      );
      expect(code).toBe("UNAUTHENTICATED");
    }
  });

  test.each([
    ["whose session has ended", "update sessions set ended_at = now() where user_id = $1"],
    ["whose session has expired", "update sessions set expires_at = now() where user_id = $1"],
    ["who is deactivated", "update users set active = false where id = $1"],
  ])("J1: who has a token but %s", async (_name, statement) => {
    const seminar = await server.world.seminar();
    const person = await server.world.person();
    await server.database.sql(statement, [person.id]);
    const code = await withoutChange(server.database, () =>
      person.client.errorCode(joinDocument, { input: { seminarId: seminar.id } }),
    );
    expect(code).toBe("UNAUTHENTICATED");
  });

  test.each(["019b76da-a800-7000-8000-000000000000", "nonsense", "", "'; drop table users; --", "\u0000"])(
    "J2: the unknown seminar %j with NOT_FOUND",
    async (seminarId) => {
      const person = await server.world.person();
      const code = await withoutChange(server.database, () =>
        person.client.errorCode(joinDocument, { input: { seminarId } }),
      );
      expect(code).toBe("NOT_FOUND");
    },
  );

  test.each([{ role: "SPECTATOR" }, { role: null }, { onFull: "PUSH" }, { onFull: null }, { seminarId: null }])(
    "the input %j with BAD_USER_INPUT",
    async (values) => {
      const seminar = await server.world.seminar();
      const person = await server.world.person();
      const faults = await withoutChange(server.database, () =>
        person.client.fieldFaults(joinDocument, { input: { seminarId: seminar.id, ...values } }),
      );
      expect(Object.keys(faults)).toEqual([`input.${Object.keys(values)[0]}`]);
    },
  );
});

const unknownId = "019b76da-a800-7000-8000-000000000000";

/** Only the clock is to be wrong. */
const everyTimer = [
  "hrtime",
  "nextTick",
  "performance",
  "queueMicrotask",
  "setImmediate",
  "clearImmediate",
  "setInterval",
  "clearInterval",
  "setTimeout",
  "clearTimeout",
] as const;

async function enrollments(server: TestServer, seminar: { id: string }): Promise<object[]> {
  return await server.database.sql("select id, user_id, role, status from enrollments where seminar_id = $1", [
    seminar.id,
  ]);
}
