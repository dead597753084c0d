import type { Bench } from "../bench.ts";
import type { Person } from "../data/people.ts";
import { type Client, closedLoop, openLoop } from "../load/loops.ts";
import { percentile } from "../load/percentile.ts";
import { type LoadResult, unexpected } from "../load/recorder.ts";
import { withVisits } from "../load/throughput.ts";
import { codeOf, type GraphVisit } from "../sites/graph-visit.ts";
import { seatErrors } from "../sites/site.ts";
import { openThisServer, type ThisServer } from "../sites/this-server.ts";
import type { Sample, Workload } from "../workload.ts";
import { type NextJoin, plentyOfSeats, spreadJoins } from "./joins.ts";

/** Well below what a small machine can do: above that, p99 would tell of the queue only. */
const joinsPerSecond = 40;
const joinConnections = 64;
const seminars = 1_000;

export const staff: Workload = {
  name: "staff",
  shows:
    "How long joins take, at a steady rate, while three of the staff look through all enrollments without a pause: one " +
    "searches people, one pages through an ordered and filtered list, one exports everything a hundred at a time.",
  async prepare(bench) {
    const site = await openThisServer(bench);
    await site.fill(bench.options.staffSize);
    const people = await site.makePeople(bench.options.people);
    const next = spreadJoins(people, await site.openSeminars(seminars, plentyOfSeats));
    const viewers = await makeStaff(site, tasks.length);
    const { program } = site;
    const size = bench.options.staffSize.toLocaleString("en");
    return [
      {
        title: `${joinsPerSecond} joins a second, ${size} enrollments`,
        unit: "ms, p99 of joins",
        needsWarmUp: true,
        cases: [
          { name: "with staff", program, run: (seconds) => measure(bench, site, next, viewers, seconds) },
          {
            name: "without staff",
            isReference: true,
            program,
            run: (seconds) => measure(bench, site, next, [], seconds),
          },
        ],
      },
    ];
  },
};

async function makeStaff(site: ThisServer, count: number): Promise<Person[]> {
  const viewers = await site.makePeople(count);
  await site.database.sql("update users set staff_role = 'VIEWER' where id = any ($1)", [viewers.map(({ id }) => id)]);
  return viewers;
}

async function measure(
  bench: Bench,
  site: ThisServer,
  next: NextJoin,
  viewers: readonly Person[],
  seconds: number,
): Promise<Sample> {
  const before = await site.seats();
  const working = new AbortController();
  const looking = Promise.all(viewers.map((viewer, index) => look(site, viewer, index, working.signal)));
  // What becomes of it is asked for below, after the joins.
  looking.catch(() => {});
  const joins = await join(bench, site, next, seconds).finally(() => working.abort());
  const looks = await looking;
  const staffErrors = looks.map(({ outcomes }) => unexpected(outcomes, ["READ"]));
  return {
    value: percentile(joins.latenciesMs, 0.99),
    latenciesMs: joins.latenciesMs,
    errors: {
      ...unexpected(joins.outcomes, ["JOINED"]),
      ...seatErrors(before, await site.seats(), joins.outcomes.JOINED ?? 0),
      ...addUp(staffErrors),
    },
    note: looks.map(({ outcomes }, index) => `${outcomes.READ ?? 0} x ${tasks[index]?.name}`).join(", "),
  };
}

function join(bench: Bench, site: ThisServer, next: NextJoin, seconds: number): Promise<LoadResult> {
  return withVisits(site, joinConnections, (visits) => {
    const clients = visits.map(
      (visit): Client =>
        async () => {
          const join = next();
          return join && (await visit.join(join.person, join.seminarId)).outcome;
        },
    );
    return openLoop(clients, joinsPerSecond, seconds, bench.signal);
  });
}

/** One of the staff, until the joins are over. */
async function look(site: ThisServer, viewer: Person, index: number, working: AbortSignal): Promise<LoadResult> {
  const task = tasks[index] as Task;
  const visit = await site.visit();
  let after: string | null = null;
  let turn = 0;
  const client: Client = async () => {
    if (working.aborted) return null;
    const answer = await askAsStaff(visit, viewer, task, { after, turn: turn++ });
    after = answer.after;
    return answer.outcome;
  };
  try {
    return await closedLoop([client], Number.POSITIVE_INFINITY, new AbortController().signal);
  } finally {
    await visit.close();
  }
}

interface Task {
  name: string;
  query: string;
  variables(state: { after: string | null; turn: number }): object;
}

const tasks: readonly Task[] = [
  {
    name: "search people",
    query: `query Search($search: String!) {
      users(first: 20, filter: { search: $search }) {
        totalCount nodes { id username email firstName lastName staffRole active } pageInfo { hasNextPage endCursor }
      }
    }`,
    variables: ({ turn }) => ({ search: `person-${(turn * 7919) % 10_000}` }),
  },
  {
    name: "page through a list",
    query: `query Page($after: String) {
      enrollments(first: 20, after: $after, filter: { role: PARTICIPANT, status: ACTIVE, search: "seminar 1" }, orderBy: EARLIEST) {
        totalCount nodes { id status joinedAt user { id username email } seminar { id name } }
        pageInfo { hasNextPage endCursor }
      }
    }`,
    variables: ({ after }) => ({ after }),
  },
  {
    name: "export a hundred",
    query: `query Export($after: String) {
      enrollments(first: 100, after: $after) {
        nodes { id role status joinedAt user { id username email } seminar { id name } }
        pageInfo { hasNextPage endCursor }
      }
    }`,
    variables: ({ after }) => ({ after }),
  },
];

interface Page {
  pageInfo: { hasNextPage: boolean; endCursor: string | null };
}

/** After the last page the first one comes again. */
async function askAsStaff(
  visit: GraphVisit,
  viewer: Person,
  task: Task,
  state: { after: string | null; turn: number },
) {
  const { data, errors } = await visit.ask(viewer, task.query, task.variables(state));
  if (errors || !data) return { outcome: `staff: ${codeOf(errors?.[0])}`, after: null };
  const [page] = Object.values(data) as [Page];
  return { outcome: "READ", after: page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null };
}

function addUp(all: readonly Readonly<Record<string, number>>[]): Record<string, number> {
  const sum: Record<string, number> = {};
  for (const each of all) for (const [name, count] of Object.entries(each)) sum[name] = (sum[name] ?? 0) + count;
  return sum;
}
