import type { Bench } from "../bench.ts";
import { closedLoop } from "../load/loops.ts";
import { percentile } from "../load/percentile.ts";
import { unexpected } from "../load/recorder.ts";
import { codeOf, type GraphVisit } from "../sites/graph-visit.ts";
import type { Catalogue } from "../sites/site.ts";
import { openThisServer, type ThisServer } from "../sites/this-server.ts";
import type { Case, Sample, Workload } from "../workload.ts";
import { type NextJoin, plentyOfSeats, spreadJoins } from "./joins.ts";
import { pick } from "./reads.ts";

const seminars = 1_000;
/** A run drops this many at least; who is to drop has joined before. */
const minDrops = 100;

export const dataSize: Workload = {
  name: "data-size",
  shows:
    "What an operation costs in a small and in a large database, over one connection, with shared reads off: the median " +
    "of the answers. Seminars and people grow with the enrollments; a page has the same on it everywhere.",
  async prepare(bench) {
    const worlds: World[] = [];
    for (const size of bench.options.sizes) worlds.push(await makeWorld(bench, size));
    return operations.map((operation) => ({
      title: operation.title,
      unit: "ms, median",
      needsWarmUp: true,
      cases: worlds.map(
        (world, index): Case => ({
          name: `${world.size.toLocaleString("en")} enrollments`,
          isReference: index === 0,
          program: world.site.program,
          run: (seconds) => measure(bench, world, operation, seconds),
        }),
      ),
    }));
  },
};

interface World {
  readonly size: number;
  readonly site: ThisServer;
  readonly catalogue: Catalogue;
  readonly openSeminarIds: readonly string[];
  readonly nextJoin: NextJoin;
  /** Who has joined what and not dropped it yet. */
  readonly joined: NonNullable<ReturnType<NextJoin>>[];
  turn: number;
}

interface Operation {
  title: string;
  expected: string;
  /** What a run needs; not measured. */
  prepare?(visit: GraphVisit, world: World): Promise<void>;
  act(visit: GraphVisit, world: World): Promise<string | null>;
}

const operations: Operation[] = [
  { title: "list", expected: "READ", act: (visit, { catalogue }) => visit.list(pick(catalogue.members, 0)) },
  {
    title: "detail",
    expected: "READ",
    act: (visit, world) =>
      visit.detail(pick(world.catalogue.members, 0), pick(world.catalogue.seminarIds, world.turn++)),
  },
  {
    title: "viewer page",
    expected: "READ",
    act: (visit, world) => visit.viewerPage(pick(world.catalogue.members, world.turn++)),
  },
  { title: "join", expected: "JOINED", act: join },
  {
    title: "drop",
    expected: "DROPPED",
    async prepare(visit, world) {
      while (world.joined.length < minDrops && (await join(visit, world))) {}
    },
    act: async (visit, { joined }) => {
      const last = joined.pop();
      if (!last) return null;
      const { data, errors } = await visit.ask(last.person, dropDocument, { input: { seminarId: last.seminarId } });
      return errors ? codeOf(errors[0]) : statusIn(data?.dropSeminar);
    },
  },
];

async function join(visit: GraphVisit, { nextJoin, joined }: World): Promise<string | null> {
  const next = nextJoin();
  if (!next) return null;
  joined.push(next);
  return (await visit.join(next.person, next.seminarId)).outcome;
}

const dropDocument = `mutation Drop($input: DropSeminarInput!) {
  dropSeminar(input: $input) {
    ... on DropSeminarSuccess { enrollment { id status } seminar { participantCount } }
    ... on DropSeminarRefusal { code }
  }
}`;

function statusIn(result: unknown): string {
  const { enrollment, code } = result as { enrollment?: { status: string } | null; code?: string };
  return enrollment?.status ?? code ?? "NOTHING_THERE";
}

async function makeWorld(bench: Bench, size: number): Promise<World> {
  const site = await openThisServer(bench, { variables: { SHARED_READ_MS: "0" } });
  const catalogue = await site.fill(size);
  const people = await site.makePeople(bench.options.people);
  const openSeminarIds = await site.openSeminars(seminars, plentyOfSeats);
  return { size, site, catalogue, openSeminarIds, nextJoin: spreadJoins(people, openSeminarIds), joined: [], turn: 0 };
}

async function measure(
  bench: Bench,
  world: World,
  { expected, prepare, act }: Operation,
  seconds: number,
): Promise<Sample> {
  const visit = await world.site.visit();
  try {
    await prepare?.(visit, world);
    const { latenciesMs, outcomes } = await closedLoop([() => act(visit, world)], seconds, bench.signal);
    const taken = await world.site.takenIn(world.openSeminarIds);
    const errors = {
      ...unexpected(outcomes, [expected]),
      ...(taken !== world.joined.length && { [`${taken} seats taken, ${world.joined.length} people told so`]: 1 }),
    };
    await world.site.emptyQueue();
    return { value: percentile(latenciesMs, 0.5), latenciesMs, errors };
  } finally {
    await visit.close();
  }
}
