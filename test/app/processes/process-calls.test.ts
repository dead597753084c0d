import { EventEmitter } from "node:events";
import { expect, test } from "@jest/globals";
import { openCalls, type Peer } from "../../../src/app/processes/process-calls.ts";

/** Two ends of a channel that copies what is sent, as one between processes does. */
function channel() {
  const ends = [new End(), new End()] as const;
  ends[0].other = ends[1];
  ends[1].other = ends[0];
  return ends;
}

class End extends EventEmitter implements Peer {
  connected = true;
  other: End | null = null;

  send(message: unknown): boolean {
    const copy = structuredClone(message);
    setImmediate(() => this.other?.emit("message", copy));
    return true;
  }

  break(): void {
    for (const end of [this, this.other]) {
      if (end) end.connected = false;
      end?.emit("disconnect");
    }
  }
}

type Theirs = {
  double(number: number): Promise<number>;
  fail(): Promise<void>;
  never(): Promise<void>;
};
const theirs: Theirs = {
  double: async (number) => number * 2,
  fail: async () => {
    throw new RangeError("Too far.");
  },
  never: () => new Promise(() => {}),
};

test("a call is answered with what the other process gives, also when several are under way both ways", async () => {
  const [here, there] = channel();
  const callThere = openCalls<Theirs>(here, theirs);
  const callHere = openCalls<Theirs>(there, theirs);
  const calls = [callThere("double", 1), callHere("double", 2), callThere("double", Number.NaN), callHere("double", 4)];
  expect(await Promise.all(calls)).toEqual([2, 4, Number.NaN, 8]);
});

test("a call fails with the error of the other process", async () => {
  const [here, there] = channel();
  openCalls(there, theirs);
  const call = openCalls<Theirs>(here, {});
  await expect(call("fail")).rejects.toMatchObject({ name: "RangeError", message: "Too far." });
});

test("a call fails when the other process ends first, or has ended", async () => {
  const [here, there] = channel();
  openCalls(there, theirs);
  const call = openCalls<Theirs>(here, {});
  const waiting = call("never");
  here.break();
  await expect(waiting).rejects.toThrow("has ended");
  await expect(call("double", 1)).rejects.toThrow("has ended");
});
