import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { EnrollmentRole } from "../../../src/enrollment/enrollment.entity.ts";
import { brokenInvariants } from "../../support/invariants.ts";
import { startTestServer, type TestServer } from "../../support/test-server.ts";
import type { Person } from "../../support/world.ts";
import { drop, join } from "../acts.ts";

describe("When many want the same at once", () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer();
  });
  afterAll(() => server.stop());

  test("J6: one press of the button counts, however often one person presses it", async () => {
    const seminar = await server.world.seminar();
    const person = await server.world.person();
    const answers = await Promise.all(Array.from({ length: 10 }, () => join(person, seminar)));
    expect(answers.map((answer) => answer.code ?? answer.__typename).sort()).toEqual([
      ...Array(9).fill("ALREADY_JOINED"),
      "JoinSeminarSuccess",
    ]);
    expect(await brokenInvariants(server.database)).toEqual({});
  });

  test("J7, S3: who wants to lead five seminars at once leads one", async () => {
    const person = await server.world.person({ instructor: true });
    const seminars = await Promise.all(Array.from({ length: 5 }, () => server.world.seminar()));
    const answers = await Promise.all(
      seminars.map((seminar) => join(person, seminar, { role: EnrollmentRole.INSTRUCTOR })),
    );
    expect(answers.map((answer) => answer.code ?? answer.__typename).sort()).toEqual([
      ...Array(4).fill("ALREADY_LEADING"),
      "JoinSeminarSuccess",
    ]);
    expect(await brokenInvariants(server.database)).toEqual({});
  });

  test("J8: the last seat goes to exactly one of ten people", async () => {
    const seminar = await server.world.seminar({ capacity: 1 });
    const people = await server.world.people(10);
    const answers = await Promise.all(people.map((person) => join(person, seminar)));
    expect(answers.filter((answer) => answer.__typename === "JoinSeminarSuccess")).toHaveLength(1);
    expect(answers.filter((answer) => answer.code === "SEMINAR_FULL")).toHaveLength(9);
  });

  test("a seat that is dropped and wanted at the same time is given once", async () => {
    const seminar = await server.world.seminar({ capacity: 1 });
    const [leaving, ...others] = (await server.world.people(6)) as [Person, ...Person[]];
    await join(leaving, seminar);
    const [left, ...answers] = await Promise.all([
      drop(leaving, seminar),
      ...others.map((person) => join(person, seminar)),
    ]);
    expect(left.__typename).toBe("DropSeminarSuccess");
    const successes = answers.filter((answer) => answer.__typename === "JoinSeminarSuccess").length;
    const refusals = answers.filter((answer) => answer.code === "SEMINAR_FULL").length;
    expect(successes).toBeLessThanOrEqual(1);
    expect(successes + refusals).toBe(5);
    expect(await brokenInvariants(server.database)).toEqual({});
  });
});
