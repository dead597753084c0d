import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { SeminarStatus } from "../../src/catalogue/seminar.entity.ts";
import { EnrollmentRole, EnrollmentStatus } from "../../src/enrollment/enrollment.entity.ts";
import { StaffRole } from "../../src/platform/auth/staff-role.ts";
import { Locale } from "../../src/platform/locale.ts";
import type { GraphqlClient } from "../support/client.ts";
import { startTestServer, type TestServer } from "../support/test-server.ts";
import type { Person } from "../support/world.ts";

const asked = `query ($id: ID!) { user(id: $id) {
  id username firstName lastName email staffRole locale active
  participant { university accepted } instructor { company careerYears }
  enrollments { totalCount nodes { seminar { name } } }
} }`;

const everything = ["active", "cancelled", "dropped", "led", "waiting"];

/** What each kind of viewer sees of the private fields of a user who is no staff; all see the card. */
const visible = {
  anonymous: {},
  "another user": {},
  "a fellow participant": {},
  "the user": { email: true, accepted: true, careerYears: 3, locale: "KO", enrollments: everything },
  "an instructor with the user ACTIVE": { email: true, accepted: true, enrollments: ["active"] },
  "an instructor with the user WAITLISTED": { email: true, accepted: true, enrollments: ["waiting"] },
  "an instructor with the user DROPPED": {},
  "an instructor with the user ACTIVE in a cancelled seminar": {
    email: true,
    accepted: true,
    enrollments: ["cancelled"],
  },
  "an instructor beside the user": { email: true, accepted: true, enrollments: ["led"] },
  "an instructor of another seminar": {},
  "staff VIEWER": { email: true, accepted: true, careerYears: 3, locale: "KO", active: true, enrollments: everything },
} satisfies Record<string, Visible>;

type Kind = keyof typeof visible;
interface Visible {
  email?: boolean;
  accepted?: boolean;
  careerYears?: number;
  locale?: string;
  active?: boolean;
  enrollments?: string[];
}

describe("A5: who sees what of a user", () => {
  let server: TestServer;
  let user: Person;
  let clients: Record<Kind, GraphqlClient>;
  beforeAll(async () => {
    server = await startTestServer();
    ({ user, clients } = await makeWorld(server));
  });
  afterAll(() => server.stop());

  test.each(Object.keys(visible) as Kind[])("%s", async (kind) => {
    const data = await clients[kind].data(asked, { id: user.id });
    expect(described(data.user)).toEqual(expected(visible[kind], user));
  });

  test("the role of staff is for themselves and for staff", async () => {
    const staff = await server.world.person({ staffRole: StaffRole.EDITOR });
    const roleFor = async (client: GraphqlClient) =>
      (await client.data("query ($id: ID!) { user(id: $id) { staffRole active } }", { id: staff.id })).user;
    for (const kind of Object.keys(visible) as Kind[]) {
      const sees = kind === "staff VIEWER";
      expect(await roleFor(clients[kind])).toEqual({ staffRole: sees ? "EDITOR" : null, active: sees ? true : null });
    }
    expect(await roleFor(staff.client)).toEqual({ staffRole: "EDITOR", active: true });
  });

  test("an instructor does not see more by asking for a role, a status or another page", async () => {
    const { user: seen } = await clients["an instructor with the user ACTIVE"].data(
      `query ($id: ID!) {
        user(id: $id) {
          dropped: enrollments(status: DROPPED) { totalCount nodes { id } }
          waiting: enrollments(status: WAITLISTED) { totalCount nodes { id } }
          led: enrollments(role: INSTRUCTOR) { totalCount nodes { id } }
          first: enrollments(first: 1) { totalCount pageInfo { hasNextPage } nodes { seminar { name } } }
        }
      }`,
      { id: user.id },
    );
    const none = { totalCount: 0, nodes: [] };
    expect(seen).toEqual({
      dropped: none,
      waiting: none,
      led: none,
      first: { totalCount: 1, pageInfo: { hasNextPage: false }, nodes: [{ seminar: { name: "active" } }] },
    });
  });
});

async function makeWorld({ world, anonymous }: TestServer) {
  const instructor = () => world.person({ instructor: true });
  const user = await world.person({
    instructor: true,
    locale: Locale.KO,
    firstName: "Ada",
    lastName: "Lovelace",
  });
  const [withActive, withWaiting, withDropped, withCancelled, beside, elsewhere] = await Promise.all(
    Array.from({ length: 6 }, instructor),
  );
  const [other, fellow] = [await world.person(), await world.person()];
  const staff = await world.person({ staffRole: StaffRole.VIEWER });

  const active = await world.seminar({ name: "active" }, withActive);
  const waiting = await world.seminar({ name: "waiting" }, withWaiting);
  const dropped = await world.seminar({ name: "dropped" }, withDropped);
  const cancelled = await world.seminar({ name: "cancelled", status: SeminarStatus.CANCELLED }, withCancelled);
  const led = await world.seminar({ name: "led" }, user);
  await world.seminar({ name: "elsewhere" }, elsewhere);
  await world.enroll(active, user);
  await world.enroll(active, fellow);
  await world.enroll(waiting, user, { status: EnrollmentStatus.WAITLISTED });
  await world.enroll(dropped, user, { status: EnrollmentStatus.DROPPED });
  await world.enroll(cancelled, user);
  await world.enroll(led, beside as Person, { role: EnrollmentRole.INSTRUCTOR });

  const clients: Record<Kind, GraphqlClient> = {
    anonymous,
    "another user": other.client,
    "a fellow participant": fellow.client,
    "the user": user.client,
    "an instructor with the user ACTIVE": (withActive as Person).client,
    "an instructor with the user WAITLISTED": (withWaiting as Person).client,
    "an instructor with the user DROPPED": (withDropped as Person).client,
    "an instructor with the user ACTIVE in a cancelled seminar": (withCancelled as Person).client,
    "an instructor beside the user": (beside as Person).client,
    "an instructor of another seminar": (elsewhere as Person).client,
    "staff VIEWER": staff.client,
  };
  return { user, clients };
}

interface SeenUser {
  id: string;
  enrollments: { totalCount: number; nodes: { seminar: { name: string } }[] } | null;
}

function described({ enrollments, ...rest }: SeenUser): object {
  const names = enrollments?.nodes.map((node) => node.seminar.name).sort() ?? null;
  expect(enrollments?.totalCount).toBe(names?.length);
  return { ...rest, enrollments: names };
}

function expected(sees: Visible, user: Person): object {
  return {
    id: user.id,
    username: user.username,
    firstName: "Ada",
    lastName: "Lovelace",
    participant: { university: "Seoul", accepted: sees.accepted ?? null },
    instructor: { company: "Waffle", careerYears: sees.careerYears ?? null },
    email: sees.email ? user.email : null,
    staffRole: null,
    locale: sees.locale ?? null,
    active: sees.active ?? null,
    enrollments: sees.enrollments ?? null,
  };
}
