import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { startTestServer, type TestServer } from "../support/test-server.ts";

const joinSeminar = `mutation Join($input: JoinSeminarInput!) {
  joinSeminar(input: $input) {
    __typename
    ... on JoinSeminarSuccess { enrollment { role status user { username } } seminar { participantCount remainingSeats } }
    ... on JoinSeminarRefusal { code message seminar { participantCount } }
  }
}`;

describe("joinSeminar", () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer();
  });
  afterAll(() => server.stop());

  test("gives a participant a seat and says so at once", async () => {
    const seminar = await server.world.seminar({ capacity: 2 });
    const person = await server.world.person();
    const { joinSeminar: result } = await person.client.data(joinSeminar, { input: { seminarId: seminar.id } });
    expect(result).toEqual({
      __typename: "JoinSeminarSuccess",
      enrollment: { role: "PARTICIPANT", status: "ACTIVE", user: { username: person.username } },
      seminar: { participantCount: 1, remainingSeats: 1 },
    });
  });
});
