import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { parse } from "graphql";
import { EnrollmentStatus } from "../../src/enrollment/enrollment.entity.ts";
import { hashPassword } from "../../src/platform/auth/passwords.ts";
import { StaffRole } from "../../src/platform/auth/staff-role.ts";
import { costOf, maxCost } from "../../src/platform/graphql/limits/limits.ts";
import { startTestServer, type TestServer } from "../support/test-server.ts";
import type { Person } from "../support/world.ts";
import { type OperationFile, readOperationFiles } from "./operation-files.ts";

const files = readOperationFiles();
let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());

describe("schema/operations", () => {
  test.each(files)("$name runs as it stands and is answered without errors", async (file) => {
    const { client, variables } = await prepare(file);
    const data = await client.data(file.text, variables);
    const [answer] = Object.values(data);
    expect(answer).toBeTruthy();
    expect(answer).not.toHaveProperty("code");
  });

  test.each(files)("$name says what it is for, and shows its variables", ({ text, comment, variables }) => {
    const [operation] = parse(text).definitions;
    const declared = operation?.kind === "OperationDefinition" ? (operation.variableDefinitions ?? []) : [];
    expect(comment).toMatch(/^[A-Z].*[.]$/);
    expect(Object.keys(variables ?? {})).toEqual(declared.map((definition) => definition.variable.name.value));
  });

  test("is one operation in each file, named as the file", () => {
    const names = files.map((file) => parse(file.text).definitions.map((one) => "name" in one && one.name?.value));
    const expected = files.map(({ name }) => [name.replaceAll(/(?:^|-)(\w)/g, (_all, letter) => letter.toUpperCase())]);
    expect(names).toEqual(expected);
  });

  test("has one for every mutation", () => {
    const mutations = Object.keys(server.app.schema.getMutationType()?.getFields() ?? {});
    const shown = files.map((file) => file.text).join("\n");
    expect(mutations.filter((name) => !new RegExp(`^  ${name}\\b`, "m").test(shown))).toEqual([]);
  });

  test("uses half of the cost budget with its largest operation", () => {
    const costs = files.map((file) => costOf(server.app.schema, parse(file.text), file.variables ?? {}));
    expect(maxCost).toBe(2 * Math.max(...costs));
  });
});

interface Prepared {
  client: Person["client"];
  variables: object;
}

/** Who sends it, and the variables that it shows with ids that exist. */
async function prepare({ name, variables: shown }: OperationFile): Promise<Prepared> {
  const { world } = server;
  const participant = await world.person();
  const leader = await world.person({ instructor: true });
  const seminar = await world.seminar({ capacity: 1 }, leader);
  const asked = { ...shown, id: seminar.id };
  const aimed = { input: { ...(shown?.input as object | undefined), seminarId: seminar.id } };
  const own = { client: participant.client, variables: shown ?? {} };
  const special: Record<string, () => Promise<Prepared>> = {
    "log-in": async () => {
      await world.person({ username: "participant", passwordHash: await hashPassword("seminar-demo") });
      return { client: server.anonymous, variables: shown ?? {} };
    },
    "change-password": async () => {
      const person = await world.person({ passwordHash: await hashPassword("seminar-demo") });
      return { client: person.client, variables: shown ?? {} };
    },
    "sign-up": async () => ({ client: server.anonymous, variables: shown ?? {} }),
    "become-participant": async () => newcomer({ participant: false, instructor: true }, shown),
    "become-instructor": async () => newcomer({}, shown),
    "create-seminar": async () => newcomer({ instructor: true }, shown),
    "lead-seminar": async () => newcomer({ instructor: true }, aimed),
    "join-seminar": async () => ({ ...own, variables: aimed }),
    "join-waiting-list": async () => {
      await world.enroll(seminar, await world.person());
      return { ...own, variables: aimed };
    },
    "drop-seminar": async () => {
      await world.enroll(seminar, participant);
      return { ...own, variables: aimed };
    },
    "update-seminar": async () => ({ client: leader.client, variables: aimed }),
    "cancel-seminar": async () => ({ client: leader.client, variables: aimed }),
    users: async () => ({ ...own, client: (await world.person({ staffRole: StaffRole.VIEWER })).client }),
    "find-person": async () => ({ ...own, client: (await world.person({ staffRole: StaffRole.VIEWER })).client }),
    enrollments: async () => ({ ...own, client: (await world.person({ staffRole: StaffRole.VIEWER })).client }),
    jobs: async () => ({ ...own, client: (await world.person({ staffRole: StaffRole.VIEWER })).client }),
    "audit-entries": async () => ({ ...own, client: (await world.person({ staffRole: StaffRole.VIEWER })).client }),
    "retry-jobs": async () => ({ ...own, client: (await world.person({ staffRole: StaffRole.ADMIN })).client }),
    "set-participants-accepted": async () => byStaff(StaffRole.EDITOR, { userIds: [participant.id], accepted: false }),
    "set-users-active": async () => byStaff(StaffRole.ADMIN, { userIds: [participant.id], active: false }),
    "set-staff-role": async () => byStaff(StaffRole.ADMIN, { userId: participant.id, staffRole: StaffRole.EDITOR }),
    "cancel-seminars": async () => byStaff(StaffRole.EDITOR, { seminarIds: [seminar.id] }),
    "enroll-participants": async () => byStaff(StaffRole.EDITOR, { seminarId: seminar.id, userIds: [participant.id] }),
    "drop-enrollments": async () =>
      byStaff(StaffRole.EDITOR, { enrollmentIds: [(await world.enroll(seminar, participant)).id] }),
    "reinstate-enrollments": async () => {
      const dropped = await world.enroll(seminar, participant, { status: EnrollmentStatus.DROPPED });
      return byStaff(StaffRole.EDITOR, { enrollmentIds: [dropped.id] });
    },
    viewer: async () => {
      await world.enroll(seminar, participant);
      return own;
    },
    user: async () => ({ client: server.anonymous, variables: { id: leader.id } }),
    seminar: async () => ({ ...own, variables: asked }),
    countdown: async () => ({ client: server.anonymous, variables: asked }),
    "join-eligibility": async () => ({ ...own, variables: asked }),
  };
  return (await special[name]?.()) ?? own;
}

async function byStaff(staffRole: StaffRole, input: object): Promise<Prepared> {
  return { client: (await server.world.person({ staffRole })).client, variables: { input } };
}

async function newcomer(options: Parameters<TestServer["world"]["person"]>[0], variables: object | null) {
  const { client } = await server.world.person(options);
  return { client, variables: variables ?? {} };
}
