import type { Bench } from "../bench.ts";
import { allAtOnce } from "../load/loops.ts";
import { unexpected } from "../load/recorder.ts";
import { withVisits } from "../load/throughput.ts";
import type { Site, Visit } from "../sites/site.ts";
import { openTextbook } from "../sites/textbook.ts";
import { openThisServer } from "../sites/this-server.ts";
import type { Case, Sample, Workload } from "../workload.ts";

const seats = 5;
const attempts = 20;

export const race: Workload = {
  name: "race",
  shows:
    "The race as the course draws it: four of five seats are taken, and two people press in the same moment. Without a " +
    "lock both see a free seat. Told is the most that was sold in 20 attempts.",
  async prepare(bench) {
    const cases: Case[] = [];
    for (const [site, isSafe] of [
      [await openTextbook(bench, { isLocking: false }), false],
      [await openTextbook(bench), true],
      [await openThisServer(bench), true],
    ] as const) {
      const { name, program } = site;
      cases.push({ name, program, run: () => raceForTheLast(bench, site, isSafe) });
    }
    return [{ title: `${seats} seats`, unit: "seats sold", needsWarmUp: true, cases }];
  },
};

async function raceForTheLast(bench: Bench, site: Site, isSafe: boolean): Promise<Sample> {
  const errors: Record<string, number> = {};
  const sold: number[] = [];
  await withVisits(site, 2, async (visits) => {
    for (let attempt = 0; attempt < attempts; attempt++) {
      const people = await site.makePeople(seats + 1);
      const [seminarId] = (await site.openSeminars(1, seats)) as [string];
      const before = await site.seats();
      const clients = people.map(
        (person, index) => async () => (await (visits[index % 2] as Visit).join(person, seminarId)).outcome,
      );
      for (const client of clients.slice(2)) await allAtOnce([client], bench.signal);
      const { outcomes } = await allAtOnce(clients.slice(0, 2), bench.signal);
      Object.assign(errors, unexpected(outcomes, ["JOINED", "SEMINAR_FULL"]));
      sold.push((await site.seats()).taken - before.taken);
    }
  });
  const overbooked = sold.filter((count) => count > seats).length;
  if (isSafe && overbooked > 0) errors["seminar overbooked"] = overbooked;
  return { value: Math.max(...sold), errors, note: `overbooked in ${overbooked} of ${attempts} attempts` };
}
