import { describe, expect, test } from "@jest/globals";
import { judgeServers, type Observation } from "../../../../src/platform/database/routing/topology/judge-servers.ts";

const down = null;
const replica = (timeline: number, lsn: bigint): Observation => ({ isInRecovery: true, timeline, lsn });
const open = (timeline: number, lsn: bigint): Observation => ({ isInRecovery: false, timeline, lsn });

interface Case {
  situation: string;
  seen: (Observation | null)[];
  incumbent?: number;
  highest?: number;
  primary: number | null;
  refused?: number[];
}

const cases: Case[] = [
  {
    situation: "the server that is out of recovery is the primary",
    seen: [open(1, 50n), replica(1, 40n)],
    primary: 0,
  },
  {
    situation: "wherever it stands among the addresses",
    seen: [replica(1, 40n), open(1, 50n)],
    primary: 1,
  },
  {
    situation: "with none out of recovery there is no primary",
    seen: [replica(1, 40n), down, replica(1, 40n)],
    primary: null,
  },
  {
    situation: "with all of them down there is no primary",
    seen: [down, down],
    primary: null,
  },
  {
    situation: "the one that was promoted wins over the one that is still there, though that has more",
    seen: [open(1, 90n), open(2, 60n)],
    primary: 1,
    refused: [0],
  },
  {
    situation: "a primary of the past is refused although it is the only one",
    seen: [open(1, 90n), down],
    incumbent: 1,
    highest: 2,
    primary: null,
    refused: [0],
  },
  {
    situation: "also when only a replica tells that there has been a promotion",
    seen: [open(1, 90n), down, replica(2, 70n)],
    primary: null,
    refused: [0],
  },
  {
    situation: "on the same timeline the one stays that has been the primary",
    seen: [open(1, 50n), open(1, 90n)],
    primary: 0,
    refused: [1],
  },
  {
    situation: "and if that is neither of them, the one is the primary that has more",
    seen: [open(1, 50n), open(1, 90n), down],
    incumbent: 2,
    primary: 1,
    refused: [0],
  },
  {
    situation: "a primary that was away for a moment is it again",
    seen: [open(3, 90n), replica(3, 90n)],
    highest: 3,
    primary: 0,
  },
  {
    situation: "a promotion of one that lacks the last of the log counts all the same",
    seen: [down, open(2, 30n), replica(1, 40n)],
    highest: 1,
    primary: 1,
  },
];

describe("who is the primary", () => {
  test.each(cases)("$situation", ({ seen, incumbent = 0, highest = 0, primary, refused = [] }) => {
    const verdict = judgeServers(seen, incumbent, highest);
    const highestSeen = Math.max(highest, ...seen.map((one) => one?.timeline ?? 0));
    expect(verdict).toEqual({ primary, refused, highestTimeline: highestSeen });
  });
});
