import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { patience } from "../../support/crowd.ts";
import { brokenInvariants } from "../../support/invariants.ts";
import { startTestServer, type TestServer } from "../../support/test-server.ts";
import { playStorm, storms } from "./storms.ts";

describe("A storm of joins, drops, changes of capacity, cancellations and acceptance", () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer({ variables: patience });
  });
  afterAll(() => server.stop());

  test("leaves every invariant whole, and the rows as the answers said", async () => {
    await fc.assert(
      fc.asyncProperty(storms, async (storm) => {
        const { unforeseen, expected, actual, positions } = await playStorm(server, storm);
        expect(unforeseen).toEqual([]);
        expect(actual).toEqual(expected);
        for (const list of positions) expect(list).toEqual(list.map((_, index) => index + 1));
        expect(await brokenInvariants(server.database)).toEqual({});
      }),
      // Whoever comes first differs from run to run, so a smaller storm says nothing about a larger one.
      { numRuns: 4, endOnFailure: true },
    );
  }, 240_000);
});
