import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { hashPassword } from "../../../src/platform/auth/passwords.ts";
import { logIn, logOut, updateViewer, viewer, withoutChange } from "../../support/account-operations.ts";
import { startTestServer, type TestServer } from "../../support/test-server.ts";

const password = "correct horse";

describe("logOut", () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer();
  });
  afterAll(() => server.stop());

  test("A4: ends the session that it is called with, and no other", async () => {
    const person = await server.world.person({ passwordHash: await hashPassword(password) });
    const other = await server.world.person();
    const { logIn: second } = await server.anonymous.data(logIn, { input: { login: person.username, password } });

    expect(await person.client.data(logOut)).toEqual({ logOut: true });

    expect(await person.client.data(viewer)).toEqual({ viewer: null });
    expect(await person.client.errorCode(updateViewer, { input: { locale: "EN" } })).toBe("UNAUTHENTICATED");
    const onOtherDevice = server.anonymous.with({ token: second.session.token });
    expect((await onOtherDevice.data(viewer)).viewer.id).toBe(person.id);
    expect((await other.client.data(viewer)).viewer.id).toBe(other.id);
  });

  test("A4: answers false to an anonymous viewer, and changes nothing", async () => {
    await server.world.person();
    expect(await withoutChange(server.database, () => server.anonymous.data(logOut))).toEqual({ logOut: false });
    const forged = server.anonymous.with({ token: "forged" });
    expect(await withoutChange(server.database, () => forged.data(logOut))).toEqual({ logOut: false });
  });

  test("A4: answers false the second time, and changes nothing", async () => {
    const { client } = await server.world.person();
    await client.data(logOut);
    expect(await withoutChange(server.database, () => client.data(logOut))).toEqual({ logOut: false });
  });

  test("A4: of many at the same moment exactly one ends the session", async () => {
    const { client } = await server.world.person();
    const answers = await Promise.all(Array.from({ length: 8 }, () => client.data(logOut)));
    expect(answers.filter((answer) => answer.logOut)).toHaveLength(1);
  });

  test("A4: what follows in the same operation is asked by nobody", async () => {
    const { client } = await server.world.person({ firstName: "Ada", lastName: "Lovelace" });
    const { body } = await client.send(
      `mutation { logOut updateViewer(input: { firstName: "Eve", lastName: "Lovelace" }) { __typename } }`,
    );
    expect(body.errors?.map((error) => error.extensions.code)).toEqual(["UNAUTHENTICATED"]);
    expect(await server.database.sql("select id from users where first_name = 'Eve'")).toEqual([]);
  });
});
