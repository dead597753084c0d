import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { type Seminar, SeminarStatus } from "../../../src/catalogue/seminar.entity.ts";
import { EnrollmentRole, EnrollmentStatus } from "../../../src/enrollment/enrollment.entity.ts";
import { JoinSeminarRefusalCode as Code } from "../../../src/enrollment/enrollment.results.ts";
import { joinRefusals } from "../../../src/enrollment/joining/join-rules.ts";

const { PARTICIPANT, INSTRUCTOR } = EnrollmentRole;
const noon = Date.parse("2026-03-02T03:00:00.000Z");

/** Everything that the rules look at. */
interface Case {
  seminar: Seminar;
  role: EnrollmentRole;
  facts: Parameters<typeof joinRefusals>[2];
}

/** The rules as the design words them: a code, and when it is in the way. */
const rules: [Code, (situation: Case) => boolean][] = [
  [Code.REGISTRATION_CLOSED, ({ seminar }) => seminar.status !== "SCHEDULED"],
  [Code.NOT_OPEN_YET, ({ seminar, facts }) => isScheduled(seminar) && before(facts.now, seminar.registrationOpensAt)],
  [
    Code.REGISTRATION_CLOSED,
    ({ seminar, facts }) =>
      isScheduled(seminar) &&
      !before(facts.now, seminar.registrationOpensAt) &&
      seminar.registrationClosesAt !== null &&
      !before(facts.now, seminar.registrationClosesAt),
  ],
  [Code.MISSING_PROFILE, ({ role, facts }) => role === PARTICIPANT && !facts.isParticipant],
  [Code.MISSING_PROFILE, ({ role, facts }) => role === INSTRUCTOR && !facts.isInstructor],
  [Code.NOT_ACCEPTED, ({ role, facts }) => role === PARTICIPANT && facts.isParticipant && !facts.isAccepted],
  [Code.ALREADY_JOINED, ({ facts }) => ["ACTIVE", "WAITLISTED"].includes(String(facts.enrollmentStatus))],
  [Code.ALREADY_DROPPED, ({ facts }) => facts.enrollmentStatus === "DROPPED"],
  [Code.ALREADY_LEADING, ({ role, facts }) => role === INSTRUCTOR && facts.isLeadingAnother],
  [
    Code.SEMINAR_FULL,
    ({ seminar, role, facts }) =>
      role === PARTICIPANT && (seminar.participantCount >= seminar.capacity || facts.isSomebodyPromotable),
  ],
];

function isScheduled(seminar: Seminar): boolean {
  return seminar.status === "SCHEDULED";
}

function before(now: Date, instant: Date | null): boolean {
  return instant !== null && now.getTime() < instant.getTime();
}

/** An instant within three milliseconds of noon, so that equal ones are common. */
const instants = fc.integer({ min: -3, max: 3 }).map((distance) => new Date(noon + distance));
const seminars = fc.integer({ min: 1, max: 3 }).chain((capacity) =>
  fc.record({
    capacity: fc.constant(capacity),
    participantCount: fc.integer({ min: 0, max: capacity }),
    status: fc.constantFrom(...Object.values(SeminarStatus)),
    registrationOpensAt: fc.option(instants),
    registrationClosesAt: fc.option(instants),
  }),
);
const facts = fc.record({
  now: instants,
  isParticipant: fc.boolean(),
  isAccepted: fc.boolean(),
  isInstructor: fc.boolean(),
  enrollmentId: fc.constant(null),
  enrollmentStatus: fc.option(fc.constantFrom(...Object.values(EnrollmentStatus))),
  isLeadingAnother: fc.boolean(),
  isSomebodyPromotable: fc.boolean(),
});
const roles = fc.constantFrom(...Object.values(EnrollmentRole));

describe("joinRefusals", () => {
  test("J3-J8: has every rule that is broken, once, in the order of the rules", () => {
    fc.assert(
      fc.property(seminars, roles, facts, (values, role, known) => {
        const situation = { seminar: values as Seminar, role, facts: known };
        const broken = rules.filter(([, isBroken]) => isBroken(situation)).map(([code]) => code);
        expect(joinRefusals(situation.seminar, role, known)).toEqual(broken);
      }),
      { numRuns: 5_000 },
    );
  });

  test("staff are not bound by the window, may enroll who dropped, and by every other rule are bound", () => {
    const isOwnOnly = (code: Code) => code === Code.NOT_OPEN_YET || code === Code.ALREADY_DROPPED;
    fc.assert(
      fc.property(seminars, roles, facts, (values, role, known) => {
        const seminar = values as Seminar;
        const isOver = seminar.status !== SeminarStatus.SCHEDULED;
        const expected = joinRefusals(seminar, role, known).filter(
          (code) => !isOwnOnly(code) && (code !== Code.REGISTRATION_CLOSED || isOver),
        );
        expect(joinRefusals(seminar, role, known, "STAFF")).toEqual(expected);
      }),
      { numRuns: 5_000 },
    );
  });

  const oneMs = 1;
  test.each([
    { name: "the millisecond before opening", now: noon - oneMs, refusals: [Code.NOT_OPEN_YET] },
    { name: "the opening instant", now: noon, refusals: [] },
    { name: "the millisecond before closing", now: noon + 99, refusals: [] },
    { name: "the closing instant", now: noon + 100, refusals: [Code.REGISTRATION_CLOSED] },
  ])("J3: at $name the refusals are $refusals", ({ now, refusals }) => {
    const seminar = {
      status: SeminarStatus.SCHEDULED,
      capacity: 1,
      participantCount: 0,
      registrationOpensAt: new Date(noon),
      registrationClosesAt: new Date(noon + 100),
    } as Seminar;
    const known = {
      now: new Date(now),
      isParticipant: true,
      isAccepted: true,
      isInstructor: false,
      enrollmentId: null,
      enrollmentStatus: null,
      isLeadingAnother: false,
      isSomebodyPromotable: false,
    };
    expect(joinRefusals(seminar, PARTICIPANT, known)).toEqual(refusals);
  });
});
