import { afterAll, beforeAll, beforeEach, expect, test } from "@jest/globals";
import { EnrollmentStatus } from "../../../src/enrollment/enrollment.entity.ts";
import { hashPassword } from "../../../src/platform/auth/passwords.ts";
import { StaffRole } from "../../../src/platform/auth/staff-role.ts";
import type { GraphqlClient } from "../../support/client.ts";
import { queuedEntries, queuedJobs, until } from "../../support/queue.ts";
import { startTestServer, startTestWorker, type TestServer } from "../../support/test-server.ts";
import type { Person } from "../../support/world.ts";

const newSeminar = `{ name: "Graphs", capacity: 3, sessionCount: 2, time: "18:30" }`;

let server: TestServer;
let leader: Person;
let person: Person;
beforeAll(async () => {
  server = await startTestServer();
});
beforeEach(async () => {
  await server.database.sql("delete from graphile_worker._private_jobs");
  leader = await server.world.person({ instructor: true });
  person = await server.world.person({ passwordHash: await hashPassword("long enough") });
});
afterAll(() => server.stop());

/** What the entries that wait to be written tell: action, type of the target, changed fields. */
async function entries() {
  const waiting = await queuedEntries(server.database);
  return waiting.map(({ action, targetType, changes }) => [action, targetType, Object.keys(changes)]);
}

const act = (client: GraphqlClient, mutation: string, variables: object = {}) =>
  client.data(
    `mutation ${Object.keys(variables).length ? "($id: ID!)" : ""} { ${mutation} { __typename } }`,
    variables,
  );

test("every change leaves one entry for each object that changed, in the change's own transaction", async () => {
  const { world, anonymous } = server;
  await act(
    anonymous,
    `signUp(input: { username: "newcomer", email: "n@example.com", password: "long enough", participant: {} })`,
  );
  await act(
    person.client,
    `updateViewer(input: { locale: KO, password: "longer than that", currentPassword: "long enough" })`,
  );
  await act(person.client, `becomeInstructor(input: {})`);
  await act((await world.person({ participant: false, instructor: true })).client, `becomeParticipant(input: {})`);
  await act(leader.client, `createSeminar(input: ${newSeminar})`);
  const seminar = await world.seminar({ capacity: 1 }, await world.person({ instructor: true }));
  const editor = await world.person({ staffRole: StaffRole.EDITOR });
  const { id } = seminar;
  await act(person.client, "joinSeminar(input: { seminarId: $id })", { id });
  await world.enroll(seminar, await world.person(), { status: EnrollmentStatus.WAITLISTED });
  await act(person.client, "dropSeminar(input: { seminarId: $id })", { id });
  await act(editor.client, "updateSeminar(input: { seminarId: $id, capacity: 2 })", { id });
  await act(editor.client, "cancelSeminar(input: { seminarId: $id })", { id });
  const all = await entries();
  expect(all.map(([action, type]) => `${action} ${type}`)).toEqual([
    ...["signUp User", "updateViewer User", "becomeInstructor User", "becomeParticipant User"],
    ...["createSeminar Seminar", "createSeminar Enrollment", "joinSeminar Enrollment", "dropSeminar Enrollment"],
    ...["updateSeminar Seminar", "cancelSeminar Seminar", "cancelSeminar Enrollment"],
  ]);
  expect(all[1]?.[2]).toEqual(expect.arrayContaining(["locale", "password"]));
  expect(all[8]?.[2]).toEqual(["capacity"]);
});

test("no entry holds a password or its hash, and each tells who did it in which request", async () => {
  const { client } = person;
  await act(client, `updateViewer(input: { password: "longer than that", currentPassword: "long enough" })`);
  const [entry] = await queuedEntries(server.database);
  expect(entry).toMatchObject({
    actorId: person.id,
    targetId: person.id,
    changes: { password: ["***", "***"] },
    requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
  });
  expect(JSON.stringify(entry)).not.toMatch(/longer than|long enough|argon2/);
});

test("what is refused, or changes nothing, leaves none", async () => {
  const { world } = server;
  const full = await world.seminar({ capacity: 1 }, leader);
  await world.enroll(full, await world.person());
  const { id } = full;
  await act(person.client, "joinSeminar(input: { seminarId: $id })", { id });
  await act(person.client, "dropSeminar(input: { seminarId: $id })", { id });
  await act(leader.client, "dropSeminar(input: { seminarId: $id })", { id });
  await act(leader.client, "updateSeminar(input: { seminarId: $id, capacity: 1 })", { id });
  await act(leader.client, `createSeminar(input: ${newSeminar})`);
  await act(person.client, "updateViewer(input: {})");
  await act(person.client, "becomeParticipant(input: {})");
  await act(person.client, `updateViewer(input: { password: "longer than that", currentPassword: "wrong" })`);
  await person.client.errorCode("mutation ($id: ID!) { cancelSeminar(input: { seminarId: $id }) { __typename } }", {
    id,
  });
  expect(await queuedJobs(server.database)).toEqual([]);
});

test("staff read the trail, newest first, by actor, action and target; the actors come with one statement", async () => {
  const observer = await server.world.person({ staffRole: StaffRole.VIEWER });
  const worker = await startTestWorker(server.database);
  const seminar = await server.world.seminar({ capacity: 9 });
  const people = await server.world.people(3);
  for (const { client } of people) {
    await act(client, "joinSeminar(input: { seminarId: $id })", { id: seminar.id });
  }
  await until(async () => (await queuedJobs(server.database, "writeAuditEntry")).length === 0);
  await worker.stop();
  const query = `query ($filter: AuditEntryFilter) { auditEntries(filter: $filter) { totalCount nodes {
    action targetType changes actor { username } requestId } } }`;
  const before = server.logLines.length;
  const { auditEntries } = await observer.client.data(query, { filter: { action: "joinSeminar" } });
  const line = server.logLines.slice(before).find((one) => one.includes('"operation"')) ?? "{}";
  expect(JSON.parse(line).sqlCount).toBe(2);
  expect(auditEntries.totalCount).toBe(3);
  expect(auditEntries.nodes.map(({ actor }: { actor: { username: string } }) => actor.username)).toEqual(
    people.map(({ username }) => username).reverse(),
  );
  const mine = await observer.client.data(query, { filter: { actorId: people[1]?.id, targetType: "Enrollment" } });
  expect(mine.auditEntries.nodes).toMatchObject([{ actor: { username: people[1]?.username } }]);
  for (const filter of [{ actorId: "nobody" }, { targetId: "nothing" }, { until: "2020-01-01T00:00:00Z" }]) {
    expect((await observer.client.data(query, { filter })).auditEntries.totalCount).toBe(0);
  }
});
