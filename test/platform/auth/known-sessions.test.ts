import { setTimeout as delay } from "node:timers/promises";
import { beforeEach, describe, expect, test } from "@jest/globals";
import { EndedSessions } from "../../../src/platform/auth/ended-sessions.ts";
import { KnownSessions } from "../../../src/platform/auth/known-sessions.ts";

describe("a session that was found going on", () => {
  let now: number;
  let ended: { has(id: string): boolean; isUpToDate: boolean };
  let known: KnownSessions;
  beforeEach(() => {
    now = 1_000;
    ended = { has: () => false, isUpToDate: true };
    known = new KnownSessions(ended, () => now);
    known.found("session", true);
  });

  test("is taken to go on for half a minute, and then the database is asked again", () => {
    now += 29_999;
    expect(known.goesOn("session")).toBe(true);
    now += 1;
    expect(known.goesOn("session")).toBe(false);
    known.found("session", true);
    expect(known.goesOn("session")).toBe(true);
  });

  test("says nothing of another one", () => {
    expect(known.goesOn("another")).toBe(false);
  });

  test("is over as soon as it is known to have ended", () => {
    ended.has = (id) => id === "session";
    expect(known.goesOn("session")).toBe(false);
  });

  test("is over as soon as the database says so", () => {
    known.found("session", false);
    expect(known.goesOn("session")).toBe(false);
  });

  test("is not believed while nobody knows which sessions have ended", () => {
    ended.isUpToDate = false;
    expect(known.goesOn("session")).toBe(false);
    ended.isUpToDate = true;
    expect(known.goesOn("session")).toBe(true);
  });

  test("is not remembered while nobody knows which sessions have ended", () => {
    ended.isUpToDate = false;
    known.found("another", true);
    ended.isUpToDate = true;
    expect(known.goesOn("another")).toBe(false);
  });
});

describe("which sessions have ended", () => {
  test("is not known before the first look, nor any more when the database cannot be seen", async () => {
    const ended = new EndedSessions();
    expect(ended.isUpToDate).toBe(false);
    let isAway = false;
    const read = async () => {
      if (isAway) throw new Error("away");
      return [];
    };
    const stop = ended.watch(read, () => {});
    while (!ended.isUpToDate) await delay(5);
    isAway = true;
    while (ended.isUpToDate) await delay(5);
    isAway = false;
    while (!ended.isUpToDate) await delay(5);
    await stop();
  });

  test("is not known while a look gets no answer", async () => {
    const ended = new EndedSessions();
    let isStuck = false;
    const stuck = Promise.withResolvers<string[]>();
    const stop = ended.watch(
      () => (isStuck ? stuck.promise : Promise.resolve([])),
      () => {},
    );
    while (!ended.isUpToDate) await delay(5);
    isStuck = true;
    while (ended.isUpToDate) await delay(5);
    stuck.resolve([]);
    await stop();
  });
});
