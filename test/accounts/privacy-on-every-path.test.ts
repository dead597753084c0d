import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { createSchema } from "../../src/app/schema.ts";
import { fieldsOf, permissionOf } from "../../src/platform/graphql/permissions/guard-schema.ts";
import { type CallerKind, callerKinds, isNobody, type PreparedWorld, prepareWorld } from "../app/prepared-world.ts";
import { validArguments } from "../app/valid-arguments.ts";
import { startTestServer, type TestServer } from "../support/test-server.ts";
import { nameOf, objectsAt, type Path, pathsToUsers, selectionOf } from "./paths-to-users.ts";

const schema = createSchema();
const roots = [...Map.groupBy(pathsToUsers(schema), ([root]) => nameOf(root ? [root] : []))].map(([name, paths]) => ({
  name,
  paths,
}));

/** Nobody can be found there: somebody new is in no seminar, and a new seminar has no participants. */
const leadsNowhere = [/^Mutation\.signUp > .*User\.enrollments/, /^Mutation\.createSeminar > .*Seminar\.participants/];

/** What anonymous viewers get null for. */
const forUsersOnly = /Seminar\.(participants|viewerEnrollment)/;

describe("A5: on every path to a user, everyone sees as much of the user as on any other", () => {
  let server: TestServer;
  let shared: PreparedWorld;
  beforeAll(async () => {
    server = await startTestServer();
    shared = await prepareWorld(server);
  });
  afterAll(() => server.stop());

  test("which are these private fields", () => {
    const ofUsers = fieldsOf(schema).filter(({ type }) => /^(User|\w+Profile)$/.test(type.name));
    const hidden = ofUsers.filter(({ field }) => permissionOf(field)?.kind !== "anyone");
    expect(hidden.map(({ type, field }) => `${type.name}.${field.name}`).sort()).toEqual([
      "InstructorProfile.careerYears",
      "ParticipantProfile.accepted",
      "User.active",
      "User.email",
      "User.enrollments",
      "User.locale",
      "User.staffRole",
    ]);
  });

  test.each(roots)("by way of $name", async ({ name, paths }) => {
    // A query leaves the world as it is, and so does who is nobody; every other caller of a mutation needs a new one.
    const worldOf = (kind: CallerKind) => (name.startsWith("Query") || isNobody(kind) ? shared : prepareWorld(server));
    const exercised = await Promise.all(
      callerKinds.map(async (kind) => expectPrivacy(server, await worldOf(kind), kind, paths)),
    );
    const missed = paths.map(nameOf).filter((path) => !exercised.some((found) => found.has(path)));
    expect(missed.filter((path) => !leadsNowhere.some((pattern) => pattern.test(path)))).toEqual([]);
  });
});

/** Asks along all paths of one root field, and gives the names of those on which there was somebody. */
async function expectPrivacy(
  server: TestServer,
  world: PreparedWorld,
  kind: CallerKind,
  paths: readonly Path[],
): Promise<Set<string>> {
  const data = await ask(world, kind, paths);
  if (data === null) return new Set();
  const viewerId = viewerOf(data, world.viewerIds[kind]);
  const facts = await loadFacts(server);
  const found = new Set<string>();
  for (const path of paths) {
    const users = objectsAt(data, path);
    if (viewerId === null && forUsersOnly.test(nameOf(path))) expect(users).toEqual([]);
    for (const user of users) {
      found.add(nameOf(path));
      const view = Object.entries(expectedView(facts, viewerId, user.id as string));
      // Far down only a part of the fields can be asked for.
      const asked = Object.fromEntries(view.filter(([field]) => field in user));
      expect({ kind, path: nameOf(path), user }).toMatchObject({ kind, path: nameOf(path), user: asked });
    }
  }
  return found;
}

/** The data; null for who may not ask. */
async function ask(world: PreparedWorld, kind: CallerKind, paths: readonly Path[]): Promise<object | null> {
  const root = paths[0]?.[0];
  if (!root) throw new Error("There is no path.");
  const { type, field } = root;
  const declared = field.args.map((argument) => `$${argument.name}: ${argument.type}`).join(", ");
  const given = field.args.map((argument) => `${argument.name}: $${argument.name}`).join(", ");
  const [head, call] = declared ? [`(${declared})`, `(${given})`] : ["", ""];
  const query = `${type.name.toLowerCase()} Paths${head} { __typename ${field.name}${call} ${selectionOf(paths)} }`;
  const { body } = await world.callers[kind].send(query, validArguments(field, world));
  if (!body.errors) return body.data;
  expect(body.errors.map((error) => error.extensions.code)).toEqual([
    expect.stringMatching(/UNAUTHENTICATED|FORBIDDEN/),
  ]);
  return null;
}

/** The answer to signUp and logIn is seen as the user who has just been signed up or logged in. */
function viewerOf(data: { signUp?: Entered; logIn?: Entered }, callerId: string | null): string | null {
  const entered = data.signUp ?? data.logIn;
  return entered ? entered.user.id : callerId;
}

interface Entered {
  user: { id: string };
}

interface UserRow {
  id: string;
  email: string;
  locale: string;
  active: boolean;
  staff_role: string | null;
  participant_accepted: boolean | null;
  instructor_company: string | null;
  instructor_career_years: number | null;
}

interface EnrollmentRow {
  user_id: string;
  seminar_id: string;
  role: string;
  status: string;
}

interface Facts {
  users: Map<string, UserRow>;
  enrollments: Map<string, EnrollmentRow[]>;
}

async function loadFacts({ database }: TestServer): Promise<Facts> {
  const users = await database.sql<UserRow>("select * from users");
  const enrollments = await database.sql<EnrollmentRow>("select * from enrollments");
  return {
    users: new Map(users.map((user) => [user.id, user])),
    enrollments: Map.groupBy(enrollments, (one) => one.user_id),
  };
}

/** What the viewer sees of the user's private fields, by the rows of the database and the words of A5. */
function expectedView({ users, enrollments }: Facts, viewerId: string | null, userId: string): Record<string, unknown> {
  const user = users.get(userId) as UserRow;
  const isStaff = viewerId !== null && users.get(viewerId)?.staff_role != null;
  const isSelfOrStaff = isStaff || viewerId === userId;
  const led = (enrollments.get(viewerId ?? "") ?? [])
    .filter(({ role, status }) => role === "INSTRUCTOR" && status === "ACTIVE")
    .map((one) => one.seminar_id);
  const all = enrollments.get(userId) ?? [];
  const instructed = all.filter((one) => led.includes(one.seminar_id) && one.status !== "DROPPED");
  const isKnown = isSelfOrStaff || instructed.length > 0;
  return {
    id: userId,
    email: isKnown ? user.email : null,
    staffRole: isSelfOrStaff ? user.staff_role : null,
    locale: isSelfOrStaff ? user.locale : null,
    active: isStaff ? user.active : null,
    participant: user.participant_accepted === null ? null : { accepted: isKnown ? user.participant_accepted : null },
    instructor:
      user.instructor_company === null ? null : { careerYears: isSelfOrStaff ? user.instructor_career_years : null },
    enrollments: isKnown ? { totalCount: (isSelfOrStaff ? all : instructed).length } : null,
  };
}
