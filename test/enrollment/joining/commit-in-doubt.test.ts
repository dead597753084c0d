import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { OnFull } from "../../../src/enrollment/enrollment.inputs.ts";
import { StaffRole } from "../../../src/platform/auth/staff-role.ts";
import { createTestDatabase, type TestDatabase } from "../../support/database.ts";
import { queuedJobs, until } from "../../support/queue.ts";
import { type CutCommit, startTcpProxy, type TcpProxy } from "../../support/tcp-proxy.ts";
import { startTestServer, type TestServer } from "../../support/test-server.ts";
import type { Person } from "../../support/world.ts";
import { type DropAnswer, drop, type JoinAnswer, join, joinDocument } from "../acts.ts";
import { holdLine } from "./held-line.ts";

type Outcome = JoinAnswer | DropAnswer;

const createSeminar = "mutation ($input: CreateSeminarInput!) { createSeminar(input: $input) { __typename } }";

describe.each<CutCommit>(["before", "after"])("When the connection is cut %s the database commits", (when) => {
  let database: TestDatabase;
  let proxy: TcpProxy;
  let server: TestServer;
  beforeAll(async () => {
    database = await createTestDatabase();
    proxy = await startTcpProxy(database.url);
    server = await startTestServer({ database, variables: { DATABASE_URL: proxy.url } });
  });
  afterAll(async () => {
    await server.stop();
    await proxy.close();
    await database.drop();
  });

  /** What is there of somebody's place in a seminar: rows, and the jobs that belong to them. */
  async function tracesOf(person: Person, seminar: { id: string }) {
    const rows = await database.sql<{ id: string; status: string }>(
      "select id, status from enrollments where user_id = $1 and seminar_id = $2",
      [person.id, seminar.id],
    );
    const jobs = (await queuedJobs(database))
      .filter(({ payload }) => rows.some(({ id }) => JSON.stringify(payload).includes(id)))
      .map(({ task, payload }) => (task === "writeAuditEntry" ? payload[0].action : task));
    return { statuses: rows.map(({ status }) => status), jobs: jobs.sort() };
  }

  test("joinSeminar answers the truth, and everything is there once", async () => {
    const seminar = await server.world.seminar();
    const person = await server.world.person();
    const cut = proxy.cutNextCommit(when);
    const answer = await join(person, seminar);
    await cut;
    expect(answer).toMatchObject({
      __typename: "JoinSeminarSuccess",
      enrollment: { status: "ACTIVE" },
      seminar: { participantCount: 1 },
    });
    expect(await tracesOf(person, seminar)).toEqual({ statuses: ["ACTIVE"], jobs: ["joinSeminar", "mailJoined"] });
    expect((await join(person, seminar)).code).toBe("ALREADY_JOINED");
  });

  test("joinSeminar puts somebody on the waiting list once", async () => {
    const seminar = await server.world.seminar({ capacity: 1 });
    const [first, second] = (await server.world.people(2)) as [Person, Person];
    await server.world.enroll(seminar, first);
    const cut = proxy.cutNextCommit(when);
    const { enrollment } = await join(second, seminar, { onFull: OnFull.WAITLIST });
    await cut;
    expect(enrollment).toMatchObject({ status: "WAITLISTED", waitlistPosition: 1 });
    expect(await tracesOf(second, seminar)).toEqual({
      statuses: ["WAITLISTED"],
      jobs: ["joinSeminar", "mailWaitlisted"],
    });
  });

  test("joinSeminar settles it though registration has closed meanwhile", async () => {
    const seminar = await server.world.seminar();
    const person = await server.world.person();
    const cut = proxy.cutNextCommit("after");
    const answer = join(person, seminar);
    await cut;
    await proxy.close();
    await database.sql("update seminars set registration_closes_at = now() where id = $1", [seminar.id]);
    await proxy.open();
    expect(await answer).toMatchObject({ enrollment: { status: "ACTIVE" } });
    expect((await tracesOf(person, seminar)).statuses).toEqual(["ACTIVE"]);
  });

  test("each one of a group that shares the commit hears the truth, and everything is there once", async () => {
    const seminar = await server.world.seminar({ capacity: 2 });
    const people = (await server.world.people(4)) as [Person, Person, Person, Person];
    const [member, ...others] = people;
    await server.world.enroll(seminar, member);
    const line = await holdLine(server, seminar);
    const answers = [await line.stand<Outcome>(() => drop(member, seminar))];
    for (const other of others) answers.push(await line.stand<Outcome>(() => join(other, seminar)));
    const cut = proxy.cutNextCommit(when, 1);
    await line.letGo();
    await cut;
    const outcomes = await Promise.all(answers.map(({ heard }) => heard));
    expect(outcomes.map(({ code, enrollment }) => code ?? enrollment?.status)).toEqual([
      ...["DROPPED", "ACTIVE", "ACTIVE", "SEMINAR_FULL"],
    ]);
    const traces = await Promise.all(people.map((person) => tracesOf(person, seminar)));
    expect(traces).toEqual([
      { statuses: ["DROPPED"], jobs: ["dropSeminar", "mailDropped"] },
      { statuses: ["ACTIVE"], jobs: ["joinSeminar", "mailJoined"] },
      { statuses: ["ACTIVE"], jobs: ["joinSeminar", "mailJoined"] },
      { statuses: [], jobs: [] },
    ]);
  });

  test("D2: dropSeminar answers the truth, and everything is there once", async () => {
    const seminar = await server.world.seminar();
    const person = await server.world.person();
    await server.world.enroll(seminar, person);
    const cut = proxy.cutNextCommit(when);
    const answer = await drop(person, seminar);
    await cut;
    expect(answer).toMatchObject({ enrollment: { status: "DROPPED" }, seminar: { participantCount: 0 } });
    expect(await tracesOf(person, seminar)).toEqual({ statuses: ["DROPPED"], jobs: ["dropSeminar", "mailDropped"] });
    expect(await drop(person, seminar)).toEqual(answer);
  });

  test("joinSeminar is settled as soon as the database is back", async () => {
    const seminar = await server.world.seminar();
    const person = await server.world.person();
    const cut = proxy.cutNextCommit(when);
    const answer = join(person, seminar);
    await cut;
    await proxy.close();
    await proxy.open();
    expect((await answer).__typename).toBe("JoinSeminarSuccess");
    expect((await tracesOf(person, seminar)).statuses).toEqual(["ACTIVE"]);
  });

  test("joinSeminar is OVERLOADED when the database stays away, and asking again tells", async () => {
    const seminar = await server.world.seminar();
    const person = await server.world.person();
    const cut = proxy.cutNextCommit(when);
    const code = person.client.errorCode(joinDocument, { input: { seminarId: seminar.id } });
    await cut;
    await proxy.close();
    expect(await code).toBe("OVERLOADED");
    await proxy.open();
    await until(async () => (await fetch(`${server.origin}/health/ready`)).ok);
    const again = await join(person, seminar);
    expect(again.code ?? again.enrollment?.status).toBe(when === "after" ? "ALREADY_JOINED" : "ACTIVE");
    expect((await tracesOf(person, seminar)).statuses).toEqual(["ACTIVE"]);
  });

  test("a mutation without a key is OVERLOADED, and is not done again by itself", async () => {
    const editor = await server.world.person({ staffRole: StaffRole.EDITOR });
    const input = { name: `In doubt ${when}`, capacity: 1, sessionCount: 1, time: "18:30" };
    const cut = proxy.cutNextCommit(when);
    expect(await editor.client.errorCode(createSeminar, { input })).toBe("OVERLOADED");
    await cut;
    const rows = await database.sql("select id from seminars where name = $1", [input.name]);
    expect(rows).toHaveLength(when === "after" ? 1 : 0);
  });
});
