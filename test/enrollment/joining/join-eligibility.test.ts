import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { EnrollmentRole } from "../../../src/enrollment/enrollment.entity.ts";
import { startTestServer, type TestServer } from "../../support/test-server.ts";
import { withoutChange } from "../../support/unchanged.ts";
import { eligibility, eligibilityDocument } from "../acts.ts";
import { severalObstacles, singleObstacles } from "./obstacles.ts";
import { full } from "./situations.ts";

describe("joinEligibility", () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer();
  });
  afterAll(() => server.stop());

  test.each(Object.values(EnrollmentRole))("is empty for who can join as %s", async (role) => {
    const person = await server.world.person({ instructor: true });
    expect(await eligibility(person, await server.world.seminar(), role)).toEqual([]);
  });

  test.each([...singleObstacles, ...severalObstacles])("lists $codes; $name", async ({ make, role, codes }) => {
    const { person, seminar } = await make(server);
    expect(await withoutChange(server.database, () => eligibility(person, seminar, role))).toEqual(codes);
  });

  test("is about a participant unless asked otherwise", async () => {
    const person = await server.world.person({ participant: false, instructor: true });
    const seminar = await full(server);
    const data = await person.client.data(
      `query Both($id: ID!) {
        seminar(id: $id) { unsaid: joinEligibility, instructor: joinEligibility(role: INSTRUCTOR) }
      }`,
      { id: seminar.id },
    );
    expect(data.seminar).toEqual({ unsaid: ["MISSING_PROFILE", "SEMINAR_FULL"], instructor: [] });
  });

  test("tells the seminars of a list apart", async () => {
    const person = await server.world.person();
    const free = await server.world.seminar();
    const taken = await full(server);
    const mine = await server.world.seminar();
    await server.world.enroll(mine, person);
    const data = await person.client.data("{ seminars(first: 3) { nodes { id joinEligibility } } }");
    expect(data.seminars.nodes).toEqual([
      { id: mine.id, joinEligibility: ["ALREADY_JOINED"] },
      { id: taken.id, joinEligibility: ["SEMINAR_FULL"] },
      { id: free.id, joinEligibility: [] },
    ]);
  });

  test("J1: is UNAUTHENTICATED for who is not logged in", async () => {
    const seminar = await server.world.seminar();
    const variables = { id: seminar.id, role: EnrollmentRole.PARTICIPANT };
    expect(await server.anonymous.errorCode(eligibilityDocument, variables)).toBe("UNAUTHENTICATED");
  });
});
