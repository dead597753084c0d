import { once } from "node:events";
import { connect } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { Seminar } from "../../../src/catalogue/seminar.entity.ts";
import { EnrollmentRole } from "../../../src/enrollment/enrollment.entity.ts";
import { OnFull } from "../../../src/enrollment/enrollment.inputs.ts";
import { brokenInvariants } from "../../support/invariants.ts";
import { queuedJobs, until } from "../../support/queue.ts";
import { startTestServer, type TestServer } from "../../support/test-server.ts";
import type { Person } from "../../support/world.ts";
import { type DropAnswer, drop, type JoinAnswer, join, joinDocument } from "../acts.ts";
import { holdLine, holdLocks, waitingForLocks } from "./held-line.ts";

type Outcome = JoinAnswer | DropAnswer;

function outcomeOf({ code, enrollment }: Outcome): string | null {
  return code ?? enrollment?.status ?? null;
}

function joinRequest({ token }: Person, seminar: { id: string }): string {
  const body = JSON.stringify({ query: joinDocument, variables: { input: { seminarId: seminar.id } } });
  const head = ["POST /graphql HTTP/1.1", "host: localhost", "content-type: application/json"];
  return [...head, `authorization: Bearer ${token}`, `content-length: ${body.length}`, "", body].join("\r\n");
}

describe("Those who press while the seminar's lock is taken", () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer({ variables: { LOCK_TIMEOUT_MS: "60000", STATEMENT_TIMEOUT_MS: "60000" } });
  });
  afterAll(() => server.stop());

  /** How many transactions the lines had, and how many presses. */
  async function groupsSoFar(): Promise<{ groups: number; presses: number }> {
    const { values } = await server.app.metrics.groupSize.get();
    const numberOf = (name: string) =>
      values.find(({ metricName, labels }) => metricName?.endsWith(name) && labels.work === "seminarLine")?.value ?? 0;
    return { groups: numberOf("_count"), presses: numberOf("_sum") };
  }

  test("J8: are served by one transaction, in the order in which they came", async () => {
    const seminar = await server.world.seminar({ capacity: 3 });
    const people = await server.world.people(8);
    const before = await groupsSoFar();
    const line = await holdLine(server, seminar);
    const answers = [];
    for (const person of people) answers.push(await line.stand(() => join(person, seminar)));
    await line.letGo();
    const outcomes = await Promise.all(answers.map(({ heard }) => heard));
    expect(outcomes.map(outcomeOf)).toEqual([...Array(3).fill("ACTIVE"), ...Array(5).fill("SEMINAR_FULL")]);
    const after = await groupsSoFar();
    expect({ groups: after.groups - before.groups, presses: after.presses - before.presses }).toEqual({
      groups: 2,
      presses: 9,
    });
    expect(await brokenInvariants(server.database)).toEqual({});
  });

  test("each see the seminar as it is after all of them, and their jobs are there once", async () => {
    const seminar = await server.world.seminar({ capacity: 2 });
    const people = await server.world.people(2);
    const line = await holdLine(server, seminar);
    const answers = [];
    for (const person of people) answers.push(await line.stand(() => join(person, seminar)));
    await line.letGo();
    const outcomes = await Promise.all(answers.map(({ heard }) => heard));
    expect(outcomes.map((outcome) => outcome.seminar.participantCount)).toEqual([2, 2]);
    const ids = outcomes.map((outcome) => outcome.enrollment?.id as string);
    const jobs = (await queuedJobs(server.database)).filter(({ payload }) =>
      ids.some((id) => JSON.stringify(payload).includes(id)),
    );
    expect(jobs.map(({ task }) => task).sort()).toEqual(["mailJoined", "mailJoined", "writeAuditEntry"]);
    expect(jobs.find(({ task }) => task === "writeAuditEntry")?.payload).toHaveLength(2);
  });

  test("D1, D3, D4: joins and drops take their turns as if each had come alone", async () => {
    const seminar = await server.world.seminar({ capacity: 1 });
    const [member, next, last] = (await server.world.people(3)) as [Person, Person, Person];
    await server.world.enroll(seminar, member);
    const line = await holdLine(server, seminar);
    const presses: (() => Promise<Outcome>)[] = [
      () => join(next, seminar, { onFull: OnFull.WAITLIST }),
      () => drop(member, seminar),
      () => drop(member, seminar),
      () => drop(next, seminar),
      () => join(last, seminar, { onFull: OnFull.WAITLIST }),
      () => join(next, seminar, { onFull: OnFull.WAITLIST }),
    ];
    const answers = [];
    for (const press of presses) answers.push(await line.stand(press));
    await line.letGo();
    const outcomes = await Promise.all(answers.map(({ heard }) => heard));
    expect(outcomes.map(outcomeOf)).toEqual([...["WAITLISTED", "DROPPED", "DROPPED", null, "ACTIVE", "WAITLISTED"]]);
    expect(await brokenInvariants(server.database)).toEqual({});
  });

  test("D6: queue in the order in which they came", async () => {
    const seminar = await server.world.seminar({ capacity: 2 });
    const people = await server.world.people(7);
    const line = await holdLine(server, seminar);
    const answers = [];
    for (const person of people)
      answers.push(await line.stand(() => join(person, seminar, { onFull: OnFull.WAITLIST })));
    await line.letGo();
    const outcomes = await Promise.all(answers.map(({ heard }) => heard));
    expect(outcomes.map(({ enrollment }) => enrollment?.waitlistPosition)).toEqual([null, null, 1, 2, 3, 4, 5]);
  });

  test("J6: one person who presses many times is let in once", async () => {
    const seminar = await server.world.seminar();
    const person = await server.world.person();
    const line = await holdLine(server, seminar);
    const answers = [];
    for (let press = 1; press <= 4; press++) answers.push(await line.stand(() => join(person, seminar)));
    await line.letGo();
    const outcomes = await Promise.all(answers.map(({ heard }) => heard));
    expect(outcomes.map(outcomeOf)).toEqual(["ACTIVE", ...Array(3).fill("ALREADY_JOINED")]);
  });

  test("do not fail with the one among them whom the database refuses", async () => {
    const seminar = await server.world.seminar({ capacity: 4 });
    const people = (await server.world.people(5)) as [Person, Person, Person, Person, Person];
    const unlucky = people[2];
    await server.database.sql(`
      create function refuse_one() returns trigger language plpgsql as $$
      begin
        if new.user_id = '${unlucky.id}' then raise exception 'not this one'; end if;
        return new;
      end $$;
      create trigger refuse_one before insert on enrollments for each row execute function refuse_one();`);
    const line = await holdLine(server, seminar);
    const answers = [];
    for (const { client } of people) {
      answers.push(await line.stand(() => client.send(joinDocument, { input: { seminarId: seminar.id } })));
    }
    await line.letGo();
    const bodies = (await Promise.all(answers.map(({ heard }) => heard))).map(({ body }) => body);
    expect(bodies.map(({ data, errors }) => errors?.[0]?.extensions.code ?? outcomeOf(data.joinSeminar))).toEqual([
      ...["ACTIVE", "ACTIVE", "INTERNAL_SERVER_ERROR", "ACTIVE", "ACTIVE"],
    ]);
    expect(server.logLines.some((line) => line.includes("tried again in parts"))).toBe(true);
    await server.database.sql("drop function refuse_one() cascade");
  });

  test("are left out when they have gone away before it was their turn", async () => {
    const seminar = await server.world.seminar({ capacity: 2 });
    const [leaving, staying] = (await server.world.people(2)) as [Person, Person];
    const line = await holdLine(server, seminar);
    const client = connect(Number(new URL(server.origin).port), "127.0.0.1");
    await line.stand(async () => client.write(joinRequest(leaving, seminar)));
    const stayed = await line.stand(() => join(staying, seminar));
    client.end();
    await once(client.resume(), "close");
    await line.letGo();
    expect(await stayed.heard).toMatchObject({ enrollment: { status: "ACTIVE" }, seminar: { participantCount: 1 } });
    expect(await server.database.sql("select from enrollments where user_id = $1", [leaving.id])).toEqual([]);
  });

  /** Whoever is told to is slow: their insert takes a moment. */
  async function makeSlow(person: Person): Promise<() => Promise<unknown>> {
    await server.database.sql(`
      create function take_time() returns trigger language plpgsql as $$
      begin
        if new.user_id = '${person.id}' then perform pg_sleep(1); end if;
        return new;
      end $$;
      create trigger take_time before insert on enrollments for each row execute function take_time();`);
    return () => server.database.sql("drop function take_time() cascade");
  }

  test("of several seminars share a transaction too, and a seminar whose lock is taken holds up nobody else", async () => {
    const [slowOne, locked, ...others] = await Promise.all(Array.from({ length: 5 }, () => server.world.seminar()));
    const [slow, stuck, ...people] = (await server.world.people(8)) as [Person, Person, ...Person[]];
    const hasten = await makeSlow(slow);
    const line = await holdLine(server, locked as Seminar);
    const before = await groupsSoFar();
    const { batched } = server.app.services;
    const first = join(slow, slowOne as Seminar);
    await until(async () => (await sleepers()) === 1);
    const waiting = await line.stand(() => join(stuck, locked as Seminar));
    const answers = people.map((person, index) => join(person, others[index % others.length] as Seminar));
    await until(async () => batched.waiting === people.length + 1);
    expect((await first).enrollment?.status).toBe("ACTIVE");
    expect((await Promise.all(answers)).map(outcomeOf)).toEqual(people.map(() => "ACTIVE"));
    const after = await groupsSoFar();
    expect({ groups: after.groups - before.groups, presses: after.presses - before.presses }).toEqual({
      groups: 2,
      presses: people.length + 1,
    });
    await line.letGo();
    expect(outcomeOf(await waiting.heard)).toBe("ACTIVE");
    await hasten();
    expect(await brokenInvariants(server.database)).toEqual({});
  });

  test("are served together with others only where nobody else holds the lock", async () => {
    const [held, locked] = (await Promise.all([server.world.seminar(), server.world.seminar()])) as [Seminar, Seminar];
    const [one, other] = (await server.world.people(2)) as [Person, Person];
    const line = await holdLine(server, held);
    const release = await holdLocks(server, [locked.id]);
    const answers = [join(one, locked)];
    await until(async () => (await waitingForLocks(server)) === 2);
    const next = server.app.services.batched.waiting;
    answers.push(join(other, locked));
    await until(async () => server.app.services.batched.waiting > next);
    await release();
    expect((await Promise.all(answers)).map(outcomeOf)).toEqual(["ACTIVE", "ACTIVE"]);
    await line.letGo();
  });

  test("J7, S3: who wants to lead two seminars in one transaction leads the first", async () => {
    const seminars = await Promise.all(Array.from({ length: 4 }, () => server.world.seminar()));
    const [held, slowOne, one, other] = seminars as [Seminar, Seminar, Seminar, Seminar];
    const slow = await server.world.person();
    const leader = await server.world.person({ instructor: true });
    const hasten = await makeSlow(slow);
    const line = await holdLine(server, held);
    const first = join(slow, slowOne);
    await until(async () => (await sleepers()) === 1);
    const { batched } = server.app.services;
    const answers = [];
    for (const [index, seminar] of [one, other].entries()) {
      answers.push(join(leader, seminar, { role: EnrollmentRole.INSTRUCTOR }));
      await until(async () => batched.waiting === index + 1);
    }
    expect((await Promise.all(answers)).map(outcomeOf)).toEqual(["ACTIVE", "ALREADY_LEADING"]);
    await first;
    await line.letGo();
    await hasten();
  });

  async function sleepers(): Promise<number> {
    const sleeping = "select from pg_stat_activity where datname = current_database() and wait_event = 'PgSleep'";
    return (await server.database.sql(sleeping)).length;
  }

  test("J2: of a seminar that does not exist there is no line", async () => {
    const person = await server.world.person();
    for (const seminarId of ["01a2031e-2e4e-77d3-8a09-ac58ed216fa1", "nonsense"]) {
      expect(await person.client.errorCode(joinDocument, { input: { seminarId } })).toBe("NOT_FOUND");
    }
  });
});

describe("When too many stand in lines already", () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer({ variables: { POOL_QUEUE_LIMIT: "2", LOCK_TIMEOUT_MS: "60000" } });
  });
  afterAll(() => server.stop());

  test("who comes is OVERLOADED at once, hears when to come back, and loses nothing by it", async () => {
    const seminar = await server.world.seminar();
    const people = (await server.world.people(3)) as [Person, Person, Person];
    const line = await holdLine(server, seminar);
    const answers = [];
    for (const person of people.slice(0, 2)) answers.push(await line.stand(() => join(person, seminar)));
    const { body } = await people[2].client.send(joinDocument, { input: { seminarId: seminar.id } });
    expect(body.errors?.[0]?.extensions).toEqual({ code: "OVERLOADED", retryAfterMs: expect.any(Number) });
    expect(body.errors?.[0]?.extensions.retryAfterMs).toBeGreaterThanOrEqual(1_000);
    await line.letGo();
    const outcomes = await Promise.all(answers.map(({ heard }) => heard));
    expect(outcomes.map(outcomeOf)).toEqual(["ACTIVE", "ACTIVE"]);
    expect(outcomeOf(await join(people[2], seminar))).toBe("ACTIVE");
  });
});
