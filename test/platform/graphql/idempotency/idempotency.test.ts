import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import pg from "pg";
import { hashPassword } from "../../../../src/platform/auth/passwords.ts";
import { StaffRole } from "../../../../src/platform/auth/staff-role.ts";
import { logIn, newcomer, signUp, updateViewer, viewer } from "../../../support/account-operations.ts";
import type { Answer } from "../../../support/client.ts";
import { createTestDatabase, type TestDatabase } from "../../../support/database.ts";
import { writingNothing } from "../../../support/every-row.ts";
import { queuedEntries, queueIsDone } from "../../../support/queue.ts";
import { type CutCommit, startTcpProxy, type TcpProxy } from "../../../support/tcp-proxy.ts";
import { startTestServer, startTestWorker, type TestServer } from "../../../support/test-server.ts";
import type { Person, PersonOptions } from "../../../support/world.ts";

const createSeminar = `mutation Create($input: CreateSeminarInput!) {
  createSeminar(input: $input) {
    __typename
    ... on CreateSeminarSuccess { seminar { id name instructors { user { username } } } }
    ... on CreateSeminarRefusal { code }
  }
}`;
const joinSeminar = "mutation ($input: JoinSeminarInput!) { joinSeminar(input: $input) { __typename } }";
const password = "correct horse";

let database: TestDatabase;
let proxy: TcpProxy;
let server: TestServer;
let made = 0;
beforeAll(async () => {
  database = await createTestDatabase();
  proxy = await startTcpProxy(database.url);
  server = await startTestServer({ database, variables: { DATABASE_URL: proxy.url, LOCK_TIMEOUT_MS: "10000" } });
});
afterAll(async () => {
  await server.stop();
  await proxy.close();
  await database.drop();
});

const editor = (options: PersonOptions = {}) => server.world.person({ staffRole: StaffRole.EDITOR, ...options });
const newKey = () => `key ${++made}`;
const newSeminar = () => ({ name: `Keyed ${++made}`, capacity: 20, sessionCount: 6, time: "18:30" });

function send(person: Person, key: string, document: string, variables?: object): Promise<Answer> {
  return person.client.with({ headers: { "idempotency-key": key } }).send(document, variables);
}

const seminarsNamed = (name: string) => database.sql("select id from seminars where name = $1", [name]);
const storedKeys = (key: string) => database.sql("select * from idempotency_keys where key = $1", [key]);
const auditEntries = async (name: string) =>
  (await queuedEntries(database)).filter((entry) => JSON.stringify(entry).includes(name));

function expectRefused({ status, body }: Answer, message: RegExp): void {
  expect(status).toBe(400);
  expect(body.data).toBeUndefined();
  expect(body.errors).toMatchObject([
    { message: expect.stringMatching(message), extensions: { code: "BAD_USER_INPUT" } },
  ]);
}

describe("A mutation with an idempotency key", () => {
  test("is done once: the same key gives the same answer", async () => {
    const [person, key, input] = [await editor(), newKey(), newSeminar()];
    const first = await send(person, key, createSeminar, { input });
    const second = await writingNothing(database, () => send(person, key, createSeminar, { input }));
    expect(first.body.data.createSeminar).toMatchObject({ __typename: "CreateSeminarSuccess" });
    expect(second.body).toEqual(first.body);
    expect([first, second].map(({ headers }) => headers.get("idempotent-replayed"))).toEqual([null, "true"]);
    expect([first, second].map(({ status }) => status)).toEqual([200, 200]);
    expect(await seminarsNamed(input.name)).toHaveLength(1);
    expect(await auditEntries(input.name)).toHaveLength(1);
  });

  test("is done once when twenty come at once, and all get the same answer", async () => {
    const [person, key, input] = [await editor(), newKey(), newSeminar()];
    const answers = await Promise.all(Array.from({ length: 20 }, () => send(person, key, createSeminar, { input })));
    expect(answers[0]?.body.data.createSeminar.__typename).toBe("CreateSeminarSuccess");
    for (const { body } of answers) expect(body).toEqual(answers[0]?.body);
    expect(answers.filter(({ headers }) => headers.has("idempotent-replayed"))).toHaveLength(19);
    expect(await seminarsNamed(input.name)).toHaveLength(1);
    expect(await auditEntries(input.name)).toHaveLength(1);
  });

  test("without its key is done as often as it is sent", async () => {
    const [person, input] = [await editor(), newSeminar()];
    await Promise.all(Array.from({ length: 3 }, () => person.client.data(createSeminar, { input })));
    expect(await seminarsNamed(input.name)).toHaveLength(3);
  });

  test("is understood under the other name of the header too", async () => {
    const [person, input] = [await editor(), newSeminar()];
    const client = person.client.with({ headers: { idempotencyKey: newKey() } });
    const first = await client.data(createSeminar, { input });
    expect(await client.data(createSeminar, { input })).toEqual(first);
    expect(await seminarsNamed(input.name)).toHaveLength(1);
  });

  test("shows its own change in its answer", async () => {
    const person = await server.world.person({ instructor: true });
    const { body } = await send(person, newKey(), createSeminar, { input: newSeminar() });
    expect(body.data.createSeminar.seminar.instructors).toEqual([{ user: { username: person.username } }]);
  });

  test("gives a refusal again, though the rules would not refuse any more", async () => {
    const [person, key, input] = [await server.world.person({ instructor: true }), newKey(), newSeminar()];
    const seminar = await server.world.seminar({}, person);
    const refused = await send(person, key, createSeminar, { input });
    expect(refused.body.data.createSeminar).toEqual({ __typename: "CreateSeminarRefusal", code: "ALREADY_LEADING" });
    await database.sql("update seminars set status = 'CANCELLED' where id = $1", [seminar.id]);
    expect((await send(person, key, createSeminar, { input })).body).toEqual(refused.body);
    expect(await seminarsNamed(input.name)).toHaveLength(0);
  });

  test("is another one when another viewer sends the key", async () => {
    const [one, other, key, input] = [await editor(), await editor(), newKey(), newSeminar()];
    const first = await send(one, key, createSeminar, { input });
    const second = await send(other, key, createSeminar, { input });
    expect(second.body.data.createSeminar.seminar.id).not.toBe(first.body.data.createSeminar.seminar.id);
    expect(await seminarsNamed(input.name)).toHaveLength(2);
  });

  test("is another one a day later", async () => {
    const [person, key, input] = [await editor(), newKey(), newSeminar()];
    await send(person, key, createSeminar, { input });
    await database.sql("update idempotency_keys set created_at = now() - interval '24 hours' where key = $1", [key]);
    const answer = await send(person, key, createSeminar, { input: { ...input, capacity: 21 } });
    expect(answer.body.data.createSeminar.__typename).toBe("CreateSeminarSuccess");
    expect(await seminarsNamed(input.name)).toHaveLength(2);
    expect(await storedKeys(key)).toHaveLength(1);
  });

  test("whose body is written in another order is the same one", async () => {
    const [person, key, input] = [await editor(), newKey(), newSeminar()];
    const first = await send(person, key, createSeminar, { input });
    const reversed = Object.fromEntries(Object.entries(input).reverse());
    expect((await send(person, key, createSeminar, { input: reversed })).body).toEqual(first.body);
  });

  test.each([
    ["other variables", createSeminar, { name: "Another" }],
    ["another document", `${createSeminar} # again`, {}],
  ])("is refused with %s under the same key", async (_title, document, values) => {
    const [person, key, input] = [await editor(), newKey(), newSeminar()];
    await send(person, key, createSeminar, { input });
    const answer = await writingNothing(database, () =>
      send(person, key, document, { input: { ...input, ...values } }),
    );
    expectRefused(answer, /came with another request/);
  });

  test.each([
    ["is too long", "k".repeat(256)],
    ["is not ASCII", "caf\u00e9"],
    ["has a tab in it", "a\tb"],
  ])("is refused when the key %s", async (_title, key) => {
    const [person, input] = [await editor(), newSeminar()];
    const answer = await writingNothing(database, () => send(person, key, createSeminar, { input }));
    expectRefused(answer, /1 to 255 printable ASCII/);
  });

  test("takes keys of 255 characters", async () => {
    const [person, input] = [await editor(), newSeminar()];
    const { body } = await send(person, "k".repeat(255), createSeminar, { input });
    expect(body.data.createSeminar.__typename).toBe("CreateSeminarSuccess");
  });

  test.each([
    ["two fields", "mutation { a: updateViewer(input: {}) { __typename } b: updateViewer(input: {}) { __typename } }"],
    ["a fragment", "mutation { ...F } fragment F on Mutation { updateViewer(input: {}) { __typename } }"],
  ])("is refused with %s at its root", async (_title, document) => {
    const person = await editor();
    const answer = await writingNothing(database, () => send(person, newKey(), document));
    expectRefused(answer, /exactly one field/);
  });
});

describe("An answer with errors to a mutation with an idempotency key", () => {
  test("has changed nothing, is not stored, and the key can be used again", async () => {
    const [person, key, input] = [await editor(), newKey(), newSeminar()];
    const refused = await writingNothing(database, () =>
      send(person, key, createSeminar, { input: { ...input, name: " " } }),
    );
    expect(refused.body).toMatchObject({ data: null, errors: [{ extensions: { code: "BAD_USER_INPUT" } }] });
    expect(await storedKeys(key)).toEqual([]);
    expect((await send(person, key, createSeminar, { input })).body.errors).toBeUndefined();
  });

  test("has changed nothing though the use case had done its work", async () => {
    const [person, key, input] = [await editor(), newKey(), newSeminar()];
    await database.sql("alter table enrollments rename to hidden_enrollments");
    try {
      const { body } = await send(person, key, createSeminar, { input });
      expect(body).toMatchObject({ data: null, errors: [{ extensions: { code: "INTERNAL_SERVER_ERROR" } }] });
    } finally {
      await database.sql("alter table hidden_enrollments rename to enrollments");
    }
    expect(await seminarsNamed(input.name)).toEqual([]);
    expect(await auditEntries(input.name)).toEqual([]);
    expect(await storedKeys(key)).toEqual([]);
    expect((await send(person, key, createSeminar, { input })).body.errors).toBeUndefined();
  });

  test("whose answer is too large to be stored has changed nothing", async () => {
    const [person, key, input] = [await editor(), newKey(), newSeminar()];
    await database.sql("update users set instructor_company = repeat('x', 300000) where id = $1", [person.id]);
    const document = `mutation ($input: UpdateViewerInput!) { updateViewer(input: $input) {
      ... on UpdateViewerSuccess { user { instructor { company } } } } }`;
    const answer = await writingNothing(database, () =>
      send(person, key, document, { input: { firstName: "A", lastName: input.name.slice(0, 5) } }),
    );
    expect(answer.body).toMatchObject({ data: null, errors: [{ extensions: { code: "BAD_USER_INPUT" } }] });
    expect(await storedKeys(key)).toEqual([]);
  });
});

describe("An idempotency key is ignored", () => {
  test("by queries", async () => {
    const person = await editor();
    const key = newKey();
    expect((await send(person, key, viewer)).body.data.viewer.id).toBe(person.id);
    expect(await storedKeys(key)).toEqual([]);
  });

  test("by signUp and logIn, whose answers hold a token that is stored nowhere", async () => {
    const client = server.anonymous.with({ headers: { "idempotency-key": newKey() } });
    const input = newcomer({ password });
    await client.data(signUp, { input });
    expect((await client.data(signUp, { input })).signUp.__typename).toBe("SignUpRefusal");
    const session = async () =>
      (await client.data(logIn, { input: { login: input.username, password } })).logIn.session.token;
    expect(await session()).not.toBe(await session());
    expect(await database.sql("select from idempotency_keys where answer::text like '%eyJ%'")).toEqual([]);
  });

  test("by joinSeminar, which tells by itself what is so", async () => {
    const [person, seminar, key] = [await server.world.person(), await server.world.seminar(), newKey()];
    const variables = { input: { seminarId: seminar.id } };
    expect((await send(person, key, joinSeminar, variables)).body.data.joinSeminar.__typename).toBe(
      "JoinSeminarSuccess",
    );
    expect((await send(person, key, joinSeminar, variables)).body.data.joinSeminar.__typename).toBe(
      "JoinSeminarRefusal",
    );
    expect(await storedKeys(key)).toEqual([]);
  });

  test("by who is not logged in", async () => {
    const client = server.anonymous.with({ headers: { "idempotency-key": newKey() } });
    expect(await client.errorCode(createSeminar, { input: newSeminar() })).toBe("UNAUTHENTICATED");
  });
});

describe("A new password with an idempotency key", () => {
  const change = { currentPassword: password, password: "battery staple" };

  async function personWithTwoSessions() {
    const person = await editor({ passwordHash: await hashPassword(password) });
    const input = { login: person.username, password };
    const { token } = (await server.anonymous.data(logIn, { input })).logIn.session;
    return { person, other: server.anonymous.with({ token }) };
  }

  test("A4: ends the other sessions at once, and neither password is in the stored row", async () => {
    const { person, other } = await personWithTwoSessions();
    const key = newKey();
    const { body } = await send(person, key, updateViewer, { input: change });
    expect(body.data.updateViewer.__typename).toBe("UpdateViewerSuccess");
    expect(await other.data(viewer)).toEqual({ viewer: null });
    const row = JSON.stringify(await storedKeys(key));
    expect(row).toContain(person.username);
    for (const secret of Object.values(change)) expect(row).not.toContain(secret);
    expect((await send(person, key, updateViewer, { input: change })).body).toEqual(body);
  });

  test("A4: that is rolled back ends no session", async () => {
    const { person, other } = await personWithTwoSessions();
    await database.sql("alter table enrollments rename to hidden_enrollments");
    try {
      const { body } = await send(person, newKey(), updateViewer, { input: change });
      expect(body).toMatchObject({ data: null, errors: [{ extensions: { code: "INTERNAL_SERVER_ERROR" } }] });
    } finally {
      await database.sql("alter table hidden_enrollments rename to enrollments");
    }
    expect((await other.data(viewer)).viewer.id).toBe(person.id);
  });
});

describe("When the connection of a mutation with an idempotency key is lost", () => {
  test("after the database has committed, the stored answer is given", async () => {
    const [person, key, input] = [await editor(), newKey(), newSeminar()];
    const answer = await sendWithCut("after", person, key, input);
    expect(answer.body.data.createSeminar.__typename).toBe("CreateSeminarSuccess");
    expect((await send(person, key, createSeminar, { input })).body).toEqual(answer.body);
    expect(await seminarsNamed(input.name)).toHaveLength(1);
  });

  test("before the database has committed, it is OVERLOADED with nothing changed, and can be sent again", async () => {
    const [person, key, input] = [await editor(), newKey(), newSeminar()];
    const answer = await writingNothing(database, () => sendWithCut("before", person, key, input));
    expect(answer.body).toMatchObject({ data: null, errors: [{ extensions: { code: "OVERLOADED" } }] });
    expect(await storedKeys(key)).toEqual([]);
    expect(await auditEntries(input.name)).toEqual([]);
    expect((await send(person, key, createSeminar, { input })).body.errors).toBeUndefined();
    expect(await seminarsNamed(input.name)).toHaveLength(1);
  });

  test("while it waits for another one with its key, it begins anew", async () => {
    const [person, key, input] = [await editor(), newKey(), newSeminar()];
    const holder = new pg.Client({ connectionString: database.url });
    await holder.connect();
    await holder.query("begin");
    await holder.query("insert into idempotency_keys values ($1, $2, 'x', null, now())", [person.id, key]);
    const answer = send(person, key, createSeminar, { input });
    const waiting = "from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()";
    while ((await database.sql(`select pg_terminate_backend(pid) ${waiting}`)).length === 0);
    while ((await database.sql(`select ${waiting}`)).length === 0);
    await holder.end();
    expect((await answer).body.data.createSeminar.__typename).toBe("CreateSeminarSuccess");
    expect(await seminarsNamed(input.name)).toHaveLength(1);
  });

  async function sendWithCut(when: CutCommit, person: Person, key: string, input: object): Promise<Answer> {
    const cut = proxy.cutNextCommit(when);
    const answer = await send(person, key, createSeminar, { input });
    await cut;
    return answer;
  }
});

test("A mutation with an idempotency key needs one connection to write with, also where it asks the rate limits", async () => {
  const small = await startTestServer({ variables: { DATABASE_POOL_SIZE: "1", POOL_WAIT_MS: "1000" } });
  try {
    const person = await small.world.person({ passwordHash: await hashPassword(password) });
    const input = { currentPassword: password, password: "battery staple" };
    const { body } = await send(person, newKey(), updateViewer, { input });
    expect(body.data.updateViewer.__typename).toBe("UpdateViewerSuccess");
  } finally {
    await small.stop();
  }
});

test("at night keys that are older than a day are removed, and others stay", async () => {
  const [person, old, fresh] = [await editor(), newKey(), newKey()];
  for (const key of [old, fresh]) await send(person, key, createSeminar, { input: newSeminar() });
  await database.sql("update idempotency_keys set created_at = now() - interval '25 hours' where key = $1", [old]);
  await database.sql("delete from graphile_worker._private_jobs");
  await database.sql("select graphile_worker.add_job('removeOldIdempotencyKeys', '{}')");
  const worker = await startTestWorker(database);
  await queueIsDone(database);
  await worker.stop();
  expect([await storedKeys(old), await storedKeys(fresh)]).toMatchObject([[], [{ key: fresh }]]);
});
