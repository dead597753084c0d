import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { EntityManager } from "@mikro-orm/postgresql";
import { SeminarStatus } from "../../../src/catalogue/seminar.entity.ts";
import { EnrollmentRole, EnrollmentStatus } from "../../../src/enrollment/enrollment.entity.ts";
import { OnFull } from "../../../src/enrollment/enrollment.inputs.ts";
import { lookAtJoins } from "../../../src/enrollment/joining/join-facts.ts";
import { startTestServer, type TestServer } from "../../support/test-server.ts";
import type { Person, PersonOptions, SeminarOptions } from "../../support/world.ts";
import { join, joinDocument } from "../acts.ts";
import { holdLocks } from "./held-line.ts";

const past = new Date("2020-01-01T00:00:00Z");
const future = new Date("2120-01-01T00:00:00Z");

interface Hopeless {
  code: string;
  seminar?: SeminarOptions;
  person?: PersonOptions;
  role?: EnrollmentRole;
  onFull?: OnFull;
  /** Where the person stands in the seminar before. */
  status?: EnrollmentStatus;
  /** Somebody who has the only seat, or waits for it. */
  other?: EnrollmentStatus;
}

const hopeless: Hopeless[] = [
  { code: "REGISTRATION_CLOSED", seminar: { status: SeminarStatus.CANCELLED } },
  { code: "REGISTRATION_CLOSED", seminar: { registrationClosesAt: past } },
  { code: "NOT_OPEN_YET", seminar: { registrationOpensAt: future }, onFull: OnFull.WAITLIST },
  { code: "MISSING_PROFILE", role: EnrollmentRole.INSTRUCTOR },
  { code: "NOT_ACCEPTED", person: { accepted: false } },
  { code: "ALREADY_JOINED", status: EnrollmentStatus.ACTIVE, onFull: OnFull.WAITLIST },
  { code: "ALREADY_JOINED", status: EnrollmentStatus.WAITLISTED },
  { code: "ALREADY_DROPPED", status: EnrollmentStatus.DROPPED },
  { code: "SEMINAR_FULL", seminar: { capacity: 1 }, other: EnrollmentStatus.ACTIVE },
  { code: "SEMINAR_FULL", other: EnrollmentStatus.WAITLISTED },
];

describe("A join that the rules refuse", () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer({ variables: { LOCK_TIMEOUT_MS: "50" } });
  });
  afterAll(() => server.stop());

  test.each(hopeless)("is refused with $code without waiting for the seminar's lock", async (situation) => {
    const { code, role, onFull, status, other } = situation;
    const seminar = await server.world.seminar(situation.seminar);
    const person = await server.world.person(situation.person);
    if (status) await server.world.enroll(seminar, person, { status });
    if (other) await server.world.enroll(seminar, await server.world.person(), { status: other });
    const release = await holdLocks(server, [seminar.id]);
    try {
      const answer = await join(person, seminar, { role, onFull });
      expect(answer).toMatchObject({ code, seminar: { id: seminar.id } });
      expect(answer.seminar.participantCount).toBe([status, other].filter((one) => one === "ACTIVE").length);
    } finally {
      await release();
    }
  });

  test("J8: but who may queue for a full seminar is let through to its lock", async () => {
    const seminar = await server.world.seminar({ capacity: 1 });
    const [member, waiting] = (await server.world.people(2)) as [Person, Person];
    await server.world.enroll(seminar, member);
    const input = { seminarId: seminar.id, onFull: OnFull.WAITLIST };
    const release = await holdLocks(server, [seminar.id]);
    expect(await waiting.client.errorCode(joinDocument, { input })).toBe("OVERLOADED");
    await release();
    expect((await join(waiting, seminar, { onFull: OnFull.WAITLIST })).enrollment?.status).toBe("WAITLISTED");
  });

  test("is found for each of those who ask at the same moment, for one seminar or several", async () => {
    const [full, open] = [await server.world.seminar({ capacity: 1 }), await server.world.seminar()];
    const [member, other] = (await server.world.people(2)) as [Person, Person];
    await server.world.enroll(full, member);
    const nowhere = "0199f1f4-7a5e-7c3e-8d2b-5a4f3c2b1a00";
    const looks = await lookAtJoins(server.app.orm.em.fork() as EntityManager, [
      { userId: other.id, seminarId: open.id },
      { userId: member.id, seminarId: full.id },
      { userId: other.id, seminarId: nowhere },
      { userId: nowhere, seminarId: open.id },
      { userId: member.id, seminarId: open.id.toUpperCase() },
      { userId: other.id, seminarId: full.id.toUpperCase() },
    ]);
    expect(
      looks.map((look) => look && [look.seminar.id, look.seminar.participantCount, look.facts.enrollmentStatus]),
    ).toEqual([[open.id, 0, null], [full.id, 1, "ACTIVE"], null, null, [open.id, 0, null], [full.id, 1, null]]);
  });

  test("is told with a consistency token, like everything that the primary has told", async () => {
    const seminar = await server.world.seminar({ capacity: 1 });
    const [member, late] = (await server.world.people(2)) as [Person, Person];
    await server.world.enroll(seminar, member);
    const { headers, body } = await late.client.send(joinDocument, { input: { seminarId: seminar.id } });
    expect(body.data.joinSeminar.code).toBe("SEMINAR_FULL");
    const [{ isThere } = {}] = await server.database.sql<{ isThere: boolean }>(
      `select $1::pg_lsn <= pg_current_wal_flush_lsn() as "isThere"`,
      [lsnOf(headers.get("consistency-token") as string)],
    );
    expect(isThere).toBe(true);
  });

  test("J8: a seat that was given back before is given, however often the seminar was found full", async () => {
    const seminar = await server.world.seminar({ capacity: 1 });
    const people = await server.world.people(4);
    let member = people[0] as Person;
    await join(member, seminar);
    for (const next of people.slice(1)) {
      expect((await join(next, seminar)).code).toBe("SEMINAR_FULL");
      await server.database.sql("update enrollments set status = 'DROPPED', dropped_at = now() where user_id = $1", [
        member.id,
      ]);
      expect((await join(next, seminar)).enrollment?.status).toBe("ACTIVE");
      member = next;
    }
  });
});

/** The position in a token, the way PostgreSQL writes it. */
function lsnOf(token: string): string {
  return `${token.slice(10, 18)}/${token.slice(18)}`;
}
