import { describe, expect, test } from "@jest/globals";
import { PrimaryHistory } from "../../../../src/platform/database/routing/topology/primary-history.ts";

const at = (time: number, lsn: bigint, timeline = 1) => ({ at: time, lsn, timeline });

function historyOf(...samples: ReturnType<typeof at>[]): PrimaryHistory {
  const history = new PrimaryHistory();
  for (const sample of samples) history.add(sample);
  return history;
}

describe("the lag of a replica", () => {
  const history = historyOf(at(1_000, 10n), at(2_000, 10n), at(3_000, 20n), at(4_000, 30n));

  test("is the time since the primary first had what the replica lacks", () => {
    expect(history.lagOf(at(4_500, 10n))).toEqual({ ms: 1_500, bytes: 20 });
    expect(history.lagOf(at(4_500, 15n))).toEqual({ ms: 1_500, bytes: 15 });
    expect(history.lagOf(at(4_500, 20n))).toEqual({ ms: 500, bytes: 10 });
    expect(history.lagOf(at(4_500, 30n))).toEqual({ ms: 0, bytes: 0 });
  });

  test("is none when the replica was seen a moment after the primary, and has more", () => {
    expect(history.lagOf(at(4_500, 40n))).toEqual({ ms: 0, bytes: 0 });
  });

  test("is unknown as long as the replica lacks what the primary had at the first look", () => {
    expect(history.lagOf(at(4_500, 9n))).toEqual({ ms: null, bytes: 21 });
  });

  test("does not grow while the primary writes nothing", () => {
    expect(history.lagOf(at(1_000_000, 30n))).toEqual({ ms: 0, bytes: 0 });
  });

  test("is unknown after a promotion until the replica is on the new timeline, however far it is on the old one", () => {
    const promoted = historyOf(at(1_000, 10n), at(2_000, 8n, 2), at(3_000, 12n, 2));
    expect(promoted.lagOf(at(3_000, 50n))).toMatchObject({ ms: null });
    expect(promoted.lagOf(at(3_500, 8n, 2))).toEqual({ ms: 500, bytes: 4 });
    expect(promoted.lagOf(at(3_500, 12n, 2))).toEqual({ ms: 0, bytes: 0 });
  });
});
