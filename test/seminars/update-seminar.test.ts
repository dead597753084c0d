import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { SeminarStatus } from "../../src/catalogue/seminar.entity.ts";
import { EnrollmentStatus } from "../../src/enrollment/enrollment.entity.ts";
import { StaffRole } from "../../src/platform/auth/staff-role.ts";
import { startTestServer, type TestServer } from "../support/test-server.ts";
import { withoutChange } from "../support/unchanged.ts";
import type { Person } from "../support/world.ts";
import { allowedValues, refusedValues } from "./seminar-values.ts";

const updateSeminar = `mutation Update($input: UpdateSeminarInput!) {
  updateSeminar(input: $input) {
    __typename
    ... on UpdateSeminarSuccess {
      seminar {
        name description capacity sessionCount time online startsOn registrationOpensAt registrationClosesAt status
        participantCount remainingSeats
      }
    }
    ... on UpdateSeminarRefusal { code message }
  }
}`;

const optionalFields = ["description", "startsOn", "registrationOpensAt", "registrationClosesAt"];
const requiredFields = ["name", "capacity", "sessionCount", "time", "online"];

const full = {
  name: "Graphs",
  description: "Vertices and edges.",
  capacity: 20,
  sessionCount: 6,
  time: "18:30",
  online: false,
  startsOn: "2030-03-04",
  registrationOpensAt: new Date("2030-01-01T00:00:00Z"),
  registrationClosesAt: new Date("2030-02-01T00:00:00Z"),
};
const fullAnswer = JSON.parse(JSON.stringify(full));

describe("updateSeminar", () => {
  let server: TestServer;
  let editor: Person;
  beforeAll(async () => {
    server = await startTestServer();
    editor = await server.world.person({ staffRole: StaffRole.EDITOR });
  });
  afterAll(() => server.stop());

  async function updated(person: Person, input: object) {
    const { updateSeminar: result } = await person.client.data(updateSeminar, { input });
    expect(result.__typename).toBe("UpdateSeminarSuccess");
    return result.seminar;
  }

  async function refused(person: Person, input: object) {
    const { updateSeminar: result } = await withoutChange(server.database, () =>
      person.client.data(updateSeminar, { input }),
    );
    expect(result.__typename).toBe("UpdateSeminarRefusal");
    return result;
  }

  test("S1: changes every field that is given", async () => {
    const { id } = await server.world.seminar();
    expect(await updated(editor, { seminarId: id, ...fullAnswer })).toMatchObject(fullAnswer);
    const [row] = await server.database.sql("select name, capacity, starts_on::text from seminars where id = $1", [id]);
    expect(row).toEqual({ name: "Graphs", capacity: 20, starts_on: "2030-03-04" });
  });

  test.each(Object.keys(full))("S1: leaves everything else as it was when only %s is given", async (field) => {
    const { id } = await server.world.seminar(full);
    const changes = {
      name: "Trees",
      description: "Roots.",
      capacity: 30,
      sessionCount: 7,
      time: "07:05",
      online: true,
      startsOn: "2031-01-01",
      registrationOpensAt: "2030-01-02T00:00:00.000Z",
      registrationClosesAt: "2030-01-31T00:00:00.000Z",
    };
    const change = { [field]: changes[field as keyof typeof changes] };
    expect(await updated(editor, { seminarId: id, ...change })).toMatchObject({ ...fullAnswer, ...change });
  });

  test("S1: changes nothing when nothing is given", async () => {
    const { id } = await server.world.seminar(full);
    const seminar = await withoutChange(server.database, () => updated(editor, { seminarId: id }));
    expect(seminar).toMatchObject(fullAnswer);
  });

  test.each(allowedValues)("S1: takes %s", async (_title, field, value) => {
    const { id } = await server.world.seminar();
    expect(await updated(editor, { seminarId: id, [field]: value })).toMatchObject({ [field]: value });
  });

  test.each(optionalFields)("S1: null clears %s", async (field) => {
    const { id } = await server.world.seminar(full);
    expect(await updated(editor, { seminarId: id, [field]: null })).toMatchObject({ ...fullAnswer, [field]: null });
  });

  test.each([...refusedValues, ...requiredFields.map((field) => [`null for ${field}`, field, null] as const)] as const)(
    "S1: refuses %s and names the field",
    async (_title, field, value) => {
      const { id } = await server.world.seminar();
      const faults = await withoutChange(server.database, () =>
        editor.client.fieldFaults(updateSeminar, { input: { seminarId: id, name: "Trees", [field]: value } }),
      );
      expect(faults).toEqual({ [`input.${field}`]: expect.any(String) });
    },
  );

  test.each([
    ["a closing at the stored opening", { registrationClosesAt: "2030-01-01T00:00:00Z" }, "registrationClosesAt"],
    ["a closing before the stored opening", { registrationClosesAt: "2029-01-01T00:00:00Z" }, "registrationClosesAt"],
    ["an opening at the stored closing", { registrationOpensAt: "2030-02-01T00:00:00Z" }, "registrationOpensAt"],
    ["an opening after the stored closing", { registrationOpensAt: "2031-01-01T00:00:00Z" }, "registrationOpensAt"],
    [
      "a new window that closes before it opens",
      { registrationOpensAt: "2031-01-01T00:00:00Z", registrationClosesAt: "2030-12-31T00:00:00Z" },
      "registrationClosesAt",
    ],
  ])("S1: refuses %s", async (_title, window, field) => {
    const { id } = await server.world.seminar(full);
    const faults = await withoutChange(server.database, () =>
      editor.client.fieldFaults(updateSeminar, { input: { seminarId: id, name: "Trees", ...window } }),
    );
    expect(faults).toEqual({ [`input.${field}`]: "Registration must close after it opens." });
  });

  test.each([
    ["both ends moved past the stored ones", "2031-01-01T00:00:00.000Z", "2031-01-02T00:00:00.000Z"],
    ["both ends in the past", "2020-01-01T00:00:00.000Z", "2020-01-01T00:00:00.001Z"],
    ["no opening, and a closing before the stored opening", null, "2029-01-01T00:00:00.000Z"],
    ["no closing, and an opening after the stored closing", "2031-01-01T00:00:00.000Z", null],
  ])("S1: takes a window with %s", async (_title, registrationOpensAt, registrationClosesAt) => {
    const { id } = await server.world.seminar(full);
    const window = { registrationOpensAt, registrationClosesAt };
    expect(await updated(editor, { seminarId: id, ...window })).toMatchObject(window);
  });

  test.each(["an instructor of the seminar", "a second instructor of it", "an EDITOR", "an ADMIN"])(
    "S4: %s may update it",
    async (who) => {
      const first = await server.world.person({ instructor: true });
      const second = await server.world.person({ instructor: true });
      const { id } = await server.world.seminar({}, first);
      await server.world.enroll({ id }, second, { role: "INSTRUCTOR" as never });
      const people: Record<string, Person> = {
        "an instructor of the seminar": first,
        "a second instructor of it": second,
        "an EDITOR": editor,
        "an ADMIN": await server.world.person({ staffRole: StaffRole.ADMIN }),
      };
      expect(await updated(people[who] as Person, { seminarId: id, name: "Trees" })).toMatchObject({ name: "Trees" });
    },
  );

  test.each([
    ["nobody who is logged in", "UNAUTHENTICATED"],
    ["an instructor of another seminar", "FORBIDDEN"],
    ["a participant of the seminar", "FORBIDDEN"],
    ["a participant with an instructor profile", "FORBIDDEN"],
    ["somebody on its waiting list", "FORBIDDEN"],
    ["a staff VIEWER", "FORBIDDEN"],
  ])("S4: %s gets %s", async (who, code) => {
    const { world } = server;
    const seminar = await world.seminar({ capacity: 5 }, await world.person({ instructor: true }));
    const people: Record<string, Person> = {
      "an instructor of another seminar": await world.person({ instructor: true }),
      "a participant of the seminar": await world.person(),
      "a participant with an instructor profile": await world.person({ instructor: true }),
      "somebody on its waiting list": await world.person(),
      "a staff VIEWER": await world.person({ staffRole: StaffRole.VIEWER }),
    };
    await world.seminar({}, people["an instructor of another seminar"]);
    await world.enroll(seminar, people["a participant of the seminar"] as Person);
    await world.enroll(seminar, people["a participant with an instructor profile"] as Person);
    await world.enroll(seminar, people["somebody on its waiting list"] as Person, {
      status: EnrollmentStatus.WAITLISTED,
    });
    const client = people[who]?.client ?? server.anonymous;
    const answered = await withoutChange(server.database, () =>
      client.errorCode(updateSeminar, { input: { seminarId: seminar.id, name: "Mine" } }),
    );
    expect(answered).toBe(code);
  });

  test.each([
    ["unknown", "01980000-0000-7000-8000-000000000000"],
    ["malformed", "7"],
    ["empty", ""],
    ["malformed with a NUL", "\0"],
  ])("S4: an id that is %s is NOT_FOUND", async (_title, seminarId) => {
    const answered = await withoutChange(server.database, () =>
      editor.client.errorCode(updateSeminar, { input: { seminarId, name: "Trees" } }),
    );
    expect(answered).toBe("NOT_FOUND");
  });

  test("S5: takes a capacity down to participantCount, and refuses one below it", async () => {
    const instructor = await server.world.person({ instructor: true });
    const seminar = await server.world.seminar({ capacity: 5 }, instructor);
    for (const person of await server.world.people(3)) await server.world.enroll(seminar, person);
    const dropped = await server.world.person();
    await server.world.enroll(seminar, dropped, { status: EnrollmentStatus.DROPPED });

    const refusal = await refused(instructor, { seminarId: seminar.id, capacity: 2, name: "Trees" });
    expect(refusal).toMatchObject({ code: "CAPACITY_BELOW_PARTICIPANTS", message: "More people take part than that." });
    expect(await updated(instructor, { seminarId: seminar.id, capacity: 3 })).toMatchObject({
      capacity: 3,
      participantCount: 3,
      remainingSeats: 0,
    });
  });

  test.each([SeminarStatus.CANCELLED, SeminarStatus.FINISHED])(
    "S6: a seminar that is %s is NOT_SCHEDULED and stays as it is, for its instructor and an EDITOR",
    async (status) => {
      const instructor = await server.world.person({ instructor: true });
      const seminar = await server.world.seminar({ status }, instructor);
      for (const person of [instructor, editor]) {
        const refusal = await refused(person, { seminarId: seminar.id, name: "Trees" });
        expect(refusal).toMatchObject({ code: "NOT_SCHEDULED", message: "The seminar is cancelled or finished." });
      }
    },
  );
});
