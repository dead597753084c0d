import { beforeEach, describe, expect, test } from "@jest/globals";
import type { WalPosition } from "../../../../src/platform/database/routing/wal-position.ts";
import {
  maxAnswerBytes,
  maxKeptAnswers,
  maxKeptBytes,
  type Reader,
  SharedReads,
} from "../../../../src/platform/graphql/shared-reads/answer-cache.ts";

const windowMs = 100;
let now: number;
let reads: SharedReads<string>;
beforeEach(() => {
  now = 1_000;
  reads = new SharedReads({ windowMs, now: () => now });
});

function at(lsn: number, timeline = 1): WalPosition {
  return { timeline, lsn: BigInt(lsn) };
}

/** Reads this at a server that stands there; the reading is for nobody else when it stands nowhere. */
function reader(answer: string, position: WalPosition | null, bytes = 10): Reader<string> {
  return { pin: async () => position, read: async () => ({ answer, position, bytes }) };
}

/** A reader that has been pinned, and whose reading ends when the test says so. */
function slowReader(pinned: WalPosition | null) {
  const { promise, resolve, reject } = Promise.withResolvers<Awaited<ReturnType<Reader<string>["read"]>>>();
  return {
    pin: async () => pinned,
    read: () => promise,
    end: (answer: string, position = pinned) => resolve({ answer, position, bytes: 10 }),
    fail: () => reject(new Error("lost")),
  };
}

const neverReads: Reader<string> = {
  pin: async () => at(1_000),
  read: () => {
    throw new Error("This was to be answered from another one's answer.");
  },
};

/** Lets everything go on that waits for nothing. */
const settled = () => new Promise(setImmediate);

describe("an answer is given again", () => {
  beforeEach(() => reads.read("list", null, reader("first", at(50))));

  test("until the window since its reading began is over, and not at its end", async () => {
    now += windowMs - 1;
    expect(await reads.read("list", null, neverReads)).toEqual({ outcome: "hit", answer: "first" });
    now += 1;
    expect(await reads.read("list", null, reader("second", at(50)))).toEqual({ outcome: "miss", answer: "second" });
  });

  test("to whose token is at its position, and not to whose token is one past it", async () => {
    expect(await reads.read("list", at(50), neverReads)).toEqual({ outcome: "hit", answer: "first" });
    expect(await reads.read("list", at(51), reader("second", at(60)))).toEqual({ outcome: "miss", answer: "second" });
  });

  test("not to whose token is of a later timeline, whatever its place in it", async () => {
    const { outcome } = await reads.read("list", at(10, 2), reader("second", at(10, 2)));
    expect(outcome).toBe("miss");
  });

  test("not under another key", async () => {
    expect((await reads.read("detail", null, reader("other", at(50)))).outcome).toBe("miss");
  });

  test("and the newer one from when there is one", async () => {
    now += 60;
    await reads.read("list", at(51), reader("second", at(60)));
    now += 60;
    expect(await reads.read("list", null, neverReads)).toEqual({ outcome: "hit", answer: "second" });
  });
});

test("the window begins with the reading, however long it takes", async () => {
  const slow = slowReader(at(50));
  const reading = reads.read("list", null, slow);
  await settled();
  now += windowMs - 1;
  slow.end("slow");
  expect(await reading).toEqual({ outcome: "miss", answer: "slow" });
  expect((await reads.read("list", null, neverReads)).answer).toBe("slow");
  now += 1;
  expect((await reads.read("list", null, reader("new", at(50)))).outcome).toBe("miss");
});

test("an answer that is only its reader's own is not given again", async () => {
  await reads.read("list", null, reader("an error", null));
  expect((await reads.read("list", null, reader("good", at(50)))).outcome).toBe("miss");
});

test("a read that began earlier and ended later does not take the place of a newer answer", async () => {
  const slow = slowReader(at(50));
  const reading = reads.read("list", null, slow);
  await settled();
  now += 10;
  await reads.read("list", at(55), reader("newer", at(60)));
  slow.end("older");
  await reading;
  expect((await reads.read("list", null, neverReads)).answer).toBe("newer");
});

describe("a read under way is joined", () => {
  test("by all who ask for the same meanwhile: one of them reads", async () => {
    const slow = slowReader(at(50));
    const leader = reads.read("list", null, slow);
    await settled();
    const followers = [null, at(49), at(50)].map((wanted) => reads.read("list", wanted, neverReads));
    await settled();
    slow.end("once");
    expect(await leader).toEqual({ outcome: "miss", answer: "once" });
    for (const follower of followers) expect(await follower).toEqual({ outcome: "joined", answer: "once" });
  });

  test("not by whose token is past its position", async () => {
    const slow = slowReader(at(50));
    const leader = reads.read("list", null, slow);
    await settled();
    expect(await reads.read("list", at(51), reader("own", at(60)))).toEqual({ outcome: "miss", answer: "own" });
    slow.end("slow");
    await leader;
  });

  test("not by who comes when its window is over: that one is joined by the next", async () => {
    const stuck = slowReader(at(50));
    const first = reads.read("list", null, stuck);
    await settled();
    now += windowMs;
    const fresh = slowReader(at(60));
    const second = reads.read("list", null, fresh);
    await settled();
    const third = reads.read("list", null, neverReads);
    stuck.end("stuck");
    expect(await first).toEqual({ outcome: "miss", answer: "stuck" });
    fresh.end("fresh");
    expect((await second).outcome).toBe("miss");
    expect(await third).toEqual({ outcome: "joined", answer: "fresh" });
  });

  test("by those who have waited for a server together", async () => {
    const arrival = Promise.withResolvers<WalPosition>();
    let readings = 0;
    const waiting = {
      pin: () => arrival.promise,
      read: async () => {
        readings++;
        await settled();
        return { answer: "fresh", position: at(70), bytes: 10 };
      },
    };
    const all = Array.from({ length: 20 }, () => reads.read("list", at(70), waiting));
    arrival.resolve(at(70));
    expect(new Set((await Promise.all(all)).map(({ answer }) => answer))).toEqual(new Set(["fresh"]));
    expect(readings).toBe(1);
  });

  test("and whoever waits for a server keeps nobody else waiting", async () => {
    const forever = reads.read("list", at(1_000), { ...neverReads, pin: () => new Promise(() => {}) });
    await settled();
    expect(await reads.read("list", null, reader("mine", at(50)))).toEqual({ outcome: "miss", answer: "mine" });
    expect(forever).toBeInstanceOf(Promise);
  });

  describe("and each of them reads alone", () => {
    let slow: ReturnType<typeof slowReader>;
    let leader: Promise<unknown>;
    let followers: Promise<unknown>[];
    beforeEach(async () => {
      slow = slowReader(at(50));
      leader = reads.read("list", null, slow);
      leader.catch(() => {});
      await settled();
      followers = ["a", "b"].map((own) => reads.read("list", at(45), reader(own, at(60))));
    });

    async function expectAlone() {
      expect(await Promise.all(followers)).toEqual([
        { outcome: "miss", answer: "a" },
        { outcome: "miss", answer: "b" },
      ]);
    }

    test("when it fails", async () => {
      slow.fail();
      await expect(leader).rejects.toThrow("lost");
      await expectAlone();
    });

    test("when its answer turns out to be its own", async () => {
      slow.end("error", null);
      await expectAlone();
    });

    test("when it has moved to a server that has less", async () => {
      slow.end("less", at(44));
      await expectAlone();
    });
  });
});

test("a read whose place in the log is not known is neither joined nor kept", async () => {
  const slow = slowReader(null);
  const first = reads.read("list", null, slow);
  await settled();
  expect((await reads.read("list", null, reader("own", null))).outcome).toBe("miss");
  slow.end("unknown");
  await first;
  expect(reads.size).toEqual({ answers: 0, bytes: 0 });
});

describe("what is kept is bounded", () => {
  test("in answers, the oldest going first", async () => {
    for (let n = 0; n <= maxKeptAnswers; n++) await reads.read(`list ${n}`, null, reader("x", at(50)));
    expect(reads.size.answers).toBe(maxKeptAnswers);
    expect((await reads.read(`list ${maxKeptAnswers}`, null, neverReads)).outcome).toBe("hit");
    expect((await reads.read("list 0", null, reader("x", at(50)))).outcome).toBe("miss");
  });

  test("in bytes, those of the keys too", async () => {
    const key = "k".repeat(100_000);
    for (let n = 0; n < 200; n++) await reads.read(`${key}${n}`, null, reader("x", at(50), 500_000));
    expect(reads.size.bytes).toBeLessThanOrEqual(maxKeptBytes);
    expect(reads.size.bytes).toBe(reads.size.answers * (500_000 + 2 * (key.length + 3)));
  });

  test("and an answer that is too large is given to who has joined, and not kept", async () => {
    const slow = slowReader(at(50));
    const large = { ...slow, read: async () => ({ ...(await slow.read()), bytes: maxAnswerBytes }) };
    const leader = reads.read("large", null, large);
    await settled();
    const follower = reads.read("large", null, neverReads);
    slow.end("large");
    expect(await leader).toEqual({ outcome: "miss", answer: "large" });
    expect(await follower).toEqual({ outcome: "joined", answer: "large" });
    expect(reads.size.answers).toBe(0);
  });

  test("and what is too old goes with the next that is kept", async () => {
    for (let n = 0; n < 10; n++) await reads.read(`list ${n}`, null, reader("x", at(50)));
    now += windowMs;
    await reads.read("new", null, reader("x", at(50)));
    expect(reads.size.answers).toBe(1);
  });
});
