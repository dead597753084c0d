import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { getNamedType, isCompositeType } from "graphql";
import { permissions } from "../../src/app/permissions.ts";
import { createSchema } from "../../src/app/schema.ts";
import { StaffRole } from "../../src/platform/auth/staff-role.ts";
import type { Permission } from "../../src/platform/graphql/permissions/field-permission.ts";
import { fieldsOf, permissionOf } from "../../src/platform/graphql/permissions/guard-schema.ts";
import type { Answer } from "../support/client.ts";
import { writingNothing } from "../support/every-row.ts";
import { startTestServer, type TestServer } from "../support/test-server.ts";
import { type CallerKind, callerKinds, isNobody, type PreparedWorld, prepareWorld } from "./prepared-world.ts";
import { validArguments } from "./valid-arguments.ts";

const schema = createSchema();
const fields = fieldsOf(schema);
const rootFields = fields
  .filter(({ type }) => type === schema.getQueryType() || type === schema.getMutationType())
  .map(({ type, field }) => ({ name: `${type.name}.${field.name}`, type, field, permission: permissionOf(field) }));

describe("the table of permissions", () => {
  test("says of staff what the rules say", () => {
    const forStaff = (role: StaffRole) =>
      rootFields.flatMap(({ field, permission }) =>
        permission?.kind === "staff" && permission.role === role ? [field.name] : [],
      );
    expect({
      VIEWER: forStaff(StaffRole.VIEWER).sort(),
      EDITOR: forStaff(StaffRole.EDITOR).sort(),
      ADMIN: forStaff(StaffRole.ADMIN).sort(),
    }).toEqual({
      VIEWER: ["auditEntries", "enrollments", "jobs", "users"],
      EDITOR: [
        "cancelSeminars",
        "dropEnrollments",
        "enrollParticipants",
        "reinstateEnrollments",
        "setParticipantsAccepted",
      ],
      ADMIN: ["retryJobs", "setStaffRole", "setUsersActive"],
    });
  });

  test("speaks of nothing that the graph does not have", () => {
    const inGraph = new Set(fields.map(({ type, field }) => `${type.name}.${field.name}`));
    const inTable = Object.entries(permissions).flatMap(([type, entries]) =>
      Object.keys(entries).map((field) => `${type}.${field}`),
    );
    expect(inTable.filter((name) => !inGraph.has(name))).toEqual([]);
  });

  test("lets nobody but staff come to the audit trail and to jobs", () => {
    const waysIn = fields.filter(({ type, field }) => {
      const target = getNamedType(field.type).name;
      return /^(AuditEntry|Job)(Connection|Edge)?$/.test(target) && !type.name.startsWith(target.replace(/Edge$/, ""));
    });
    expect(waysIn.map(({ type, field }) => [type.name, field.name, permissionOf(field)?.kind])).toEqual(
      expect.arrayContaining([
        ["Query", "auditEntries", "staff"],
        ["Query", "jobs", "staff"],
      ]),
    );
    expect(waysIn).toHaveLength(2);
  });
});

describe("every kind of caller gets the answer of the table", () => {
  let server: TestServer;
  let worldOfQueries: PreparedWorld;
  beforeAll(async () => {
    server = await startTestServer();
    worldOfQueries = await prepareWorld(server);
  });
  afterAll(() => server.stop());

  test.each(rootFields)("from $name, and a call that is denied changes nothing", async (rootField) => {
    const world = rootField.type === schema.getQueryType() ? worldOfQueries : await prepareWorld(server);
    const expected = expectedCodes(rootField.permission);
    const ask = async (kind: CallerKind) => [kind, await send(rootField, world, kind)] as const;
    const denied = await writingNothing(server.database, () =>
      Promise.all(callerKinds.filter((kind) => expected[kind] !== null).map(ask)),
    );
    expectRefusalsInLog(server, rootField, world, denied);
    const answers = [...denied];
    for (const kind of callerKinds.filter((one) => expected[one] === null)) answers.push(await ask(kind));

    const codes = answers.map(([kind, { body }]) => [kind, body.errors?.map((error) => error.extensions.code) ?? null]);
    expect(Object.fromEntries(codes)).toEqual(
      Object.fromEntries(Object.entries(expected).map(([kind, code]) => [kind, code && [code]])),
    );
  });
});

type RootField = (typeof rootFields)[number];
type Code = "UNAUTHENTICATED" | "FORBIDDEN";

/** What each caller is refused with; null for who may. */
function expectedCodes(permission: Permission | undefined): Record<CallerKind, Code | null> {
  const codeFor = (kind: CallerKind): Code | null => {
    if (!permission) throw new Error("A field has no permission.");
    if (permission.kind === "anyone") return null;
    if (isNobody(kind)) return "UNAUTHENTICATED";
    return isAllowed(kind, permission) ? null : "FORBIDDEN";
  };
  return Object.fromEntries(callerKinds.map((kind) => [kind, codeFor(kind)])) as Record<CallerKind, Code | null>;
}

/** Who is entitled by the data of the prepared world, by what the table says in words. */
const entitled: Record<string, CallerKind[]> = {
  "who has an instructor profile (S2)": ["newcomer", "instructor", "instructor of another seminar"],
  "an instructor of the seminar (S4)": ["instructor"],
};

function isAllowed(kind: CallerKind, permission: Permission): boolean {
  const ranks: CallerKind[] = [StaffRole.VIEWER, StaffRole.EDITOR, StaffRole.ADMIN];
  const isStaff = (role: StaffRole) => ranks.indexOf(kind) >= ranks.indexOf(role);
  switch (permission.kind) {
    case "anyone":
    case "loggedIn":
      return true;
    case "staff":
      return isStaff(permission.role);
    case "entitledOrStaff": {
      const kinds = entitled[permission.entitled];
      if (!kinds) throw new Error(`Say here who of the callers is "${permission.entitled}".`);
      return kinds.includes(kind) || isStaff(permission.role);
    }
    case "shownTo":
      throw new Error("Queries and mutations are refused, not answered with null.");
  }
}

function send({ type, field }: RootField, world: PreparedWorld, kind: CallerKind): Promise<Answer> {
  const declared = field.args.map((argument) => `$${argument.name}: ${argument.type}`);
  const given = field.args.map((argument) => `${argument.name}: $${argument.name}`);
  const below = isCompositeType(getNamedType(field.type)) ? " { __typename }" : "";
  const inBrackets = (parts: string[]) => (parts.length > 0 ? `(${parts.join(", ")})` : "");
  return world.callers[kind].send(
    `${type.name.toLowerCase()} Call${inBrackets(declared)} { ${field.name}${inBrackets(given)}${below} }`,
    validArguments(field, world),
  );
}

/** Whoever tried what only staff may is in the log: who, what, and nothing that is secret. */
function expectRefusalsInLog(
  { logLines }: TestServer,
  { name, permission }: RootField,
  world: PreparedWorld,
  denied: readonly (readonly [CallerKind, Answer])[],
): void {
  for (const [kind, { headers }] of denied) {
    const requestId = headers.get("x-request-id");
    const lines = logLines.map((line) => JSON.parse(line)).filter((line) => line.requestId === requestId);
    const refusals = lines.filter((line) => line.level === 40);
    const expected = { viewerId: world.viewerIds[kind], field: name, requestId };
    expect(refusals).toEqual(
      permission?.kind === "staff"
        ? [
            {
              level: 40,
              time: expect.any(Number),
              ...expected,
              neededRole: permission.role,
              msg: "a staff field was refused",
            },
          ]
        : [],
    );
  }
}
