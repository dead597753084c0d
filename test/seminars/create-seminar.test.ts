import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { SeminarStatus } from "../../src/catalogue/seminar.entity.ts";
import { StaffRole } from "../../src/platform/auth/staff-role.ts";
import { startTestServer, type TestServer } from "../support/test-server.ts";
import { withoutChange } from "../support/unchanged.ts";
import type { Person } from "../support/world.ts";
import { allowedValues, refusedValues } from "./seminar-values.ts";

const createSeminar = `mutation Create($input: CreateSeminarInput!) {
  createSeminar(input: $input) {
    __typename
    ... on CreateSeminarSuccess {
      seminar {
        id name description capacity sessionCount time online startsOn registrationOpensAt registrationClosesAt status
        participantCount remainingSeats waitlistCount
        instructors { role status user { username } }
      }
    }
    ... on CreateSeminarRefusal { code message }
  }
}`;

const required = { name: "Graphs", capacity: 20, sessionCount: 6, time: "18:30" };

describe("createSeminar", () => {
  let server: TestServer;
  let editor: Person;
  beforeAll(async () => {
    server = await startTestServer();
    editor = await server.world.person({ staffRole: StaffRole.EDITOR });
  });
  afterAll(() => server.stop());

  async function created(person: Person, input: object) {
    const { createSeminar: result } = await person.client.data(createSeminar, { input });
    expect(result.__typename).toBe("CreateSeminarSuccess");
    return result.seminar;
  }

  test("S1: keeps every field as it was given", async () => {
    const input = {
      ...required,
      description: "Vertices and edges.",
      online: false,
      startsOn: "2030-03-04",
      registrationOpensAt: "2030-01-01T03:00:00.000Z",
      registrationClosesAt: "2030-02-01T03:00:00.001Z",
    };
    const seminar = await created(editor, input);
    expect(seminar).toMatchObject(input);
    const [row] = await server.database.sql("select starts_on::text, time, name from seminars where id = $1", [
      seminar.id,
    ]);
    expect(row).toEqual({ starts_on: "2030-03-04", time: "18:30", name: "Graphs" });
  });

  test("S1: needs a name, a capacity, a number of sessions and a time only", async () => {
    expect(await created(editor, required)).toMatchObject({
      ...required,
      online: true,
      description: null,
      startsOn: null,
      registrationOpensAt: null,
      registrationClosesAt: null,
      status: "SCHEDULED",
      participantCount: 0,
      remainingSeats: 20,
      waitlistCount: 0,
    });
  });

  test.each(allowedValues)("S1: takes %s", async (_title, field, value) => {
    expect(await created(editor, { ...required, [field]: value })).toMatchObject({ [field]: value });
  });

  test("S1: takes the white space around a name off before it counts", async () => {
    const name = "a".repeat(100);
    expect(await created(editor, { ...required, name: ` \u3000${name}\n` })).toMatchObject({ name });
  });

  test("S1: reads an instant in any zone", async () => {
    const seminar = await created(editor, { ...required, registrationOpensAt: "2030-01-01T12:00:00+09:00" });
    expect(seminar.registrationOpensAt).toBe("2030-01-01T03:00:00.000Z");
  });

  test.each([
    ...refusedValues,
    ...Object.keys(required).map((field) => [`null for ${field}`, field, null] as const),
    ...Object.keys(required).map((field) => [`no ${field}`, field, undefined] as const),
    ["null for online", "online", null],
  ] as const)("S1: refuses %s and names the field", async (_title, field, value) => {
    const faults = await withoutChange(server.database, () =>
      editor.client.fieldFaults(createSeminar, { input: { ...required, [field]: value } }),
    );
    expect(faults).toEqual({ [`input.${field}`]: expect.any(String) });
  });

  test.each([
    ["at the same instant", "2020-01-01T00:00:00Z"],
    ["before", "2019-12-31T23:59:59.999Z"],
  ])("S1: refuses a registration that closes %s as it opens", async (_title, registrationClosesAt) => {
    const input = { ...required, registrationOpensAt: "2020-01-01T00:00:00Z", registrationClosesAt };
    const faults = await withoutChange(server.database, () => editor.client.fieldFaults(createSeminar, { input }));
    expect(Object.keys(faults)).toEqual(["input.registrationClosesAt"]);
  });

  test("S1: takes a registration that was over long ago", async () => {
    const window = {
      registrationOpensAt: "2020-01-01T00:00:00.000Z",
      registrationClosesAt: "2020-01-01T00:00:00.001Z",
    };
    expect(await created(editor, { ...required, ...window })).toMatchObject(window);
  });

  test("S1: tells every fault at once, in the viewer's language", async () => {
    const input = { name: "", capacity: 100_001, sessionCount: 1_001, time: "18:30:00", description: "\0" };
    const { body } = await withoutChange(server.database, () => editor.client.send(createSeminar, { input }));
    expect(body.errors?.[0]?.extensions.code).toBe("BAD_USER_INPUT");
    expect(body.errors?.[0]?.extensions.fields).toEqual([
      { path: ["input", "name"], message: "1 to 100 characters." },
      { path: ["input", "capacity"], message: "A whole number from 1 to 100000." },
      { path: ["input", "sessionCount"], message: "A whole number from 1 to 1000." },
      { path: ["input", "time"], message: "Hours and minutes, such as 18:30." },
      { path: ["input", "description"], message: "The text has characters that cannot be stored." },
    ]);
  });

  test("S2: makes an instructor the first instructor of the seminar", async () => {
    const instructor = await server.world.person({ instructor: true, participant: false });
    const seminar = await created(instructor, required);
    expect(seminar).toMatchObject({
      instructors: [{ role: "INSTRUCTOR", status: "ACTIVE", user: { username: instructor.username } }],
      participantCount: 0,
    });
  });

  test.each([
    ["an EDITOR without an instructor profile", { staffRole: StaffRole.EDITOR }],
    ["an EDITOR who is an instructor too", { staffRole: StaffRole.EDITOR, instructor: true }],
    ["an ADMIN", { staffRole: StaffRole.ADMIN, instructor: true }],
  ])("S2: lets %s create any number, and makes them no instructor", async (_title, options) => {
    const person = await server.world.person(options);
    expect(await created(person, required)).toMatchObject({ instructors: [] });
    expect(await created(person, required)).toMatchObject({ instructors: [] });
  });

  test.each([
    ["a participant", {}, "FORBIDDEN"],
    ["a staff VIEWER without an instructor profile", { staffRole: StaffRole.VIEWER }, "FORBIDDEN"],
    ["nobody who is logged in", null, "UNAUTHENTICATED"],
  ])("S2: %s gets an error and nothing is made", async (_title, options, code) => {
    const client = options ? (await server.world.person(options)).client : server.anonymous;
    const answered = await withoutChange(server.database, () => client.errorCode(createSeminar, { input: required }));
    expect(answered).toBe(code);
  });

  test("S3: refuses who leads a SCHEDULED seminar already", async () => {
    const instructor = await server.world.person({ instructor: true });
    await server.world.seminar({}, instructor);
    const { createSeminar: result } = await withoutChange(server.database, () =>
      instructor.client.data(createSeminar, { input: required }),
    );
    expect(result).toEqual({
      __typename: "CreateSeminarRefusal",
      code: "ALREADY_LEADING",
      message: "You are leading another seminar.",
    });
  });

  test.each([SeminarStatus.CANCELLED, SeminarStatus.FINISHED])(
    "S3: a seminar that is %s does not keep its instructor from leading another",
    async (status) => {
      const instructor = await server.world.person({ instructor: true });
      await server.world.seminar({ status }, instructor);
      await created(instructor, required);
    },
  );

  test("S3: of ten creates at the same moment by one instructor, one succeeds", async () => {
    const instructor = await server.world.person({ instructor: true });
    const name = `Race of ${instructor.username}`;
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => instructor.client.data(createSeminar, { input: { ...required, name } })),
    );
    const outcomes = answers.map((answer) => answer.createSeminar.code ?? "created").sort();
    expect(outcomes).toEqual([...Array(9).fill("ALREADY_LEADING"), "created"]);
    expect(await server.database.sql("select 1 from seminars where name = $1", [name])).toHaveLength(1);
    expect(await server.database.sql("select 1 from enrollments where user_id = $1", [instructor.id])).toHaveLength(1);
  });

  test("S3: of creating one and joining another as an instructor at the same moment, one succeeds", async () => {
    const joinAsInstructor = `mutation ($id: ID!) {
      joinSeminar(input: { seminarId: $id, role: INSTRUCTOR }) { ... on JoinSeminarRefusal { code } }
    }`;
    for (let round = 0; round < 5; round++) {
      const instructor = await server.world.person({ instructor: true });
      const { id } = await server.world.seminar();
      const [creating, joining] = await Promise.all([
        instructor.client.data(createSeminar, { input: required }),
        instructor.client.data(joinAsInstructor, { id }),
      ]);
      const refusals = [creating.createSeminar.code, joining.joinSeminar.code].filter(Boolean);
      expect(refusals).toEqual(["ALREADY_LEADING"]);
      expect(await server.database.sql("select 1 from enrollments where user_id = $1", [instructor.id])).toHaveLength(
        1,
      );
    }
  });
});
