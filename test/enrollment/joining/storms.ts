import fc from "fast-check";
import type { Seminar } from "../../../src/catalogue/seminar.entity.ts";
import { EnrollmentRole, EnrollmentStatus } from "../../../src/enrollment/enrollment.entity.ts";
import { OnFull } from "../../../src/enrollment/enrollment.inputs.ts";
import { StaffRole } from "../../../src/platform/auth/staff-role.ts";
import type { TestServer } from "../../support/test-server.ts";
import type { Person } from "../../support/world.ts";
import { drop, join } from "../acts.ts";

const counts = { seminars: 4, people: 16, editors: 2 };

const seminarIndex = fc.nat(counts.seminars - 1);
const joining = fc.record({
  act: fc.constant("join" as const),
  seminar: seminarIndex,
  role: fc.constantFrom(EnrollmentRole.PARTICIPANT, EnrollmentRole.PARTICIPANT, EnrollmentRole.INSTRUCTOR),
  onFull: fc.constantFrom(...Object.values(OnFull)),
});
const dropping = fc.record({ act: fc.constant("drop" as const), seminar: seminarIndex });
const resizing = fc.record({
  act: fc.constant("resize" as const),
  seminar: seminarIndex,
  capacity: fc.integer({ min: 1, max: 6 }),
});
// The last seminar is never cancelled, so that there is something to want until the end.
const cancelling = fc.record({ act: fc.constant("cancel" as const), seminar: fc.nat(counts.seminars - 2) });
const accepting = fc.record({
  act: fc.constant("accept" as const),
  person: fc.nat(counts.people - 1),
  accepted: fc.boolean(),
});

function scriptOf<T>(act: fc.Arbitrary<T>, length: number): fc.Arbitrary<T[]> {
  return fc.array(act, { minLength: length, maxLength: length });
}

/** What everybody is going to do. All do so at once, each one act after the other. */
export const storms = fc.record({
  capacities: scriptOf(fc.integer({ min: 1, max: 5 }), counts.seminars),
  people: scriptOf(
    scriptOf(fc.oneof({ weight: 3, arbitrary: joining }, { weight: 1, arbitrary: dropping }), 10),
    counts.people,
  ),
  editors: scriptOf(
    scriptOf(fc.oneof({ weight: 9, arbitrary: resizing }, { weight: 1, arbitrary: cancelling }), 8),
    counts.editors,
  ),
  acceptances: scriptOf(accepting, 20),
});

type Storm = typeof storms extends fc.Arbitrary<infer T> ? T : never;
type PersonAct = Storm["people"][number][number];
type EditorAct = Storm["editors"][number][number];

/** What a storm has come to. */
export interface Aftermath {
  /** Answers that no rule foresees, with what was asked. */
  unforeseen: object[];
  /** `person seminar` to `role status`, by the answers. */
  expected: Record<string, string>;
  /** The same by the rows. */
  actual: Record<string, string>;
  /** The positions that the graph tells, of each waiting list, sorted. */
  positions: (number | null)[][];
}

const foreseen = {
  join: [
    "JoinSeminarSuccess",
    "REGISTRATION_CLOSED",
    "NOT_ACCEPTED",
    "ALREADY_JOINED",
    "ALREADY_DROPPED",
    "ALREADY_LEADING",
    "SEMINAR_FULL",
  ],
  drop: ["DropSeminarSuccess", "INSTRUCTOR_CANNOT_DROP"],
  resize: ["UpdateSeminarSuccess", "CAPACITY_BELOW_PARTICIPANTS", "NOT_SCHEDULED"],
  cancel: ["CancelSeminarSuccess", "NOT_SCHEDULED"],
};

/** Plays the storm with people and seminars of its own. */
export async function playStorm(server: TestServer, storm: Storm): Promise<Aftermath> {
  const seminars = await Promise.all(storm.capacities.map((capacity) => server.world.seminar({ capacity })));
  const people = await server.world.people(counts.people, { instructor: true });
  const editors = await server.world.people(counts.editors, { staffRole: StaffRole.EDITOR });
  const expected: Record<string, string> = {};
  const unforeseen: object[] = [];

  const playPerson = async (person: Person, script: readonly PersonAct[]) => {
    for (const act of script) {
      const seminar = seminars[act.seminar] as Seminar;
      const outcome = await actAsPerson(person, seminar, act, expected);
      if (!foreseen[act.act].includes(outcome)) unforeseen.push({ act, outcome });
    }
  };
  const playEditor = async (editor: Person, script: readonly EditorAct[]) => {
    for (const act of script) {
      const outcome = await actAsEditor(editor, seminars[act.seminar] as Seminar, act);
      if (!foreseen[act.act].includes(outcome)) unforeseen.push({ act, outcome });
    }
  };
  const playAcceptances = async () => {
    for (const { person, accepted } of storm.acceptances) {
      await server.database.sql("update users set participant_accepted = $2 where id = $1", [
        people[person]?.id,
        accepted,
      ]);
    }
  };
  await Promise.all([
    ...people.map((person, index) => playPerson(person, storm.people[index] ?? [])),
    ...editors.map((editor, index) => playEditor(editor, storm.editors[index] ?? [])),
    playAcceptances(),
  ]);
  await forgetClearedLists(server, expected);
  return { unforeseen, expected, actual: await rowsOf(server, seminars), positions: await listsOf(people, seminars) };
}

/** Asks, and keeps in `expected` what the answer says about the person's place. */
async function actAsPerson(
  person: Person,
  seminar: Seminar,
  act: PersonAct,
  expected: Record<string, string>,
): Promise<string> {
  const place = `${person.id} ${seminar.id}`;
  if (act.act === "join") {
    const { enrollment, code, __typename } = await join(person, seminar, { role: act.role, onFull: act.onFull });
    if (enrollment) expected[place] = `${enrollment.role} ${enrollment.status}`;
    return code ?? __typename;
  }
  const { enrollment, code, __typename } = await drop(person, seminar);
  if (enrollment) expected[place] = `${enrollment.role} ${enrollment.status}`;
  else if (code === undefined) delete expected[place];
  return code ?? __typename;
}

async function actAsEditor({ client }: Person, seminar: Seminar, act: EditorAct): Promise<string> {
  const id = seminar.id;
  const { result } =
    act.act === "resize"
      ? await client.data(
          `mutation Resize($id: ID!, $capacity: PositiveInt) {
            result: updateSeminar(input: { seminarId: $id, capacity: $capacity }) {
              __typename ... on UpdateSeminarRefusal { code }
            }
          }`,
          { id, capacity: act.capacity },
        )
      : await client.data(
          `mutation Cancel($id: ID!) {
            result: cancelSeminar(input: { seminarId: $id }) { __typename ... on CancelSeminarRefusal { code } }
          }`,
          { id },
        );
  return result.code ?? result.__typename;
}

/** S6: cancelling clears the waiting list, which nobody on it is told. */
async function forgetClearedLists(server: TestServer, expected: Record<string, string>): Promise<void> {
  const rows = await server.database.sql<{ id: string }>("select id from seminars where status = 'CANCELLED'");
  const cancelled = new Set(rows.map((row) => row.id));
  for (const [place, standing] of Object.entries(expected)) {
    const seminarId = place.split(" ")[1] ?? "";
    if (cancelled.has(seminarId) && standing.endsWith(EnrollmentStatus.WAITLISTED)) delete expected[place];
  }
}

async function rowsOf(server: TestServer, seminars: readonly Seminar[]): Promise<Record<string, string>> {
  const rows = await server.database.sql<{ place: string; standing: string }>(
    `select user_id || ' ' || seminar_id as place, role || ' ' || status as standing
     from enrollments where seminar_id = any($1::uuid[])`,
    [seminars.map((seminar) => seminar.id)],
  );
  return Object.fromEntries(rows.map((row) => [row.place, row.standing]));
}

async function listsOf(people: readonly Person[], seminars: readonly Seminar[]): Promise<(number | null)[][]> {
  const places = new Map<string, (number | null)[]>(seminars.map(({ id }) => [id, []]));
  for (const { client } of people) {
    const data = await client.data(
      "{ viewer { enrollments(first: 100, status: WAITLISTED) { nodes { waitlistPosition seminar { id } } } } }",
    );
    for (const { waitlistPosition, seminar } of data.viewer.enrollments.nodes) {
      places.get(seminar.id)?.push(waitlistPosition);
    }
  }
  return [...places.values()].map((list) => list.sort((one, other) => Number(one) - Number(other)));
}
