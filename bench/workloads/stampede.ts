import { setTimeout as sleep } from "node:timers/promises";
import type { Bench } from "../bench.ts";
import type { Person } from "../data/people.ts";
import { allAtOnce } from "../load/loops.ts";
import { unexpected } from "../load/recorder.ts";
import { withVisits } from "../load/throughput.ts";
import { type Site, seatErrors, type Visit } from "../sites/site.ts";
import { openTextbook } from "../sites/textbook.ts";
import { openThisServer } from "../sites/this-server.ts";
import type { Case, Sample, Workload } from "../workload.ts";

/** How long a person goes on trying when the server asks to try again. */
const patienceMs = 60_000;

export const stampede: Workload = {
  name: "stampede",
  shows:
    "Everybody presses the button in the same moment, each over a connection that is open already, for a few seats. " +
    "Measured is the time until the last one knows, and how long each person waits. Who is told to try again does so.",
  async prepare(bench) {
    const { people, seats } = bench.options.stampede;
    const cases: Case[] = [];
    for (const open of [openThisServer, openTextbook]) {
      const site = await open(bench);
      const crowd = await site.makePeople(people);
      const { name, isReference, program } = site;
      cases.push({ name, isReference, program, run: () => press(bench, site, crowd, seats) });
    }
    const title = `${people.toLocaleString("en")} people for ${seats} seats`;
    return [{ title, unit: "s to the last answer", needsWarmUp: true, cases }];
  },
};

async function press(bench: Bench, site: Site, crowd: readonly Person[], seats: number): Promise<Sample> {
  const [seminarId] = (await site.openSeminars(1, seats)) as [string];
  const before = await site.seats();
  return await withVisits(site, crowd.length, async (visits) => {
    const attempts = { count: 0 };
    const clients = crowd.map(
      (person, index) => () => joinAtLast(visits[index] as Visit, person, seminarId, attempts, bench.signal),
    );
    const { seconds, latenciesMs, outcomes } = await allAtOnce(clients, bench.signal);
    const errors = {
      ...unexpected(outcomes, ["JOINED", "SEMINAR_FULL"]),
      ...seatErrors(before, await site.seats(), Math.min(seats, crowd.length)),
      ...(outcomes.JOINED !== seats && { [`${outcomes.JOINED ?? 0} people told that they have a seat`]: 1 }),
    };
    const repeats = attempts.count - crowd.length;
    return { value: seconds, latenciesMs, errors, note: `${outcomes.JOINED} seats, ${repeats} told to try again` };
  });
}

/** The answer that a person ends with. */
async function joinAtLast(
  visit: Visit,
  person: Person,
  seminarId: string,
  attempts: { count: number },
  signal: AbortSignal,
): Promise<string> {
  const deadline = performance.now() + patienceMs;
  for (;;) {
    attempts.count++;
    const { outcome, retryAfterMs } = await visit.join(person, seminarId);
    if (retryAfterMs === undefined || performance.now() + retryAfterMs > deadline) return outcome;
    await sleep(retryAfterMs, undefined, { signal });
  }
}
