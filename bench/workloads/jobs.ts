import { setTimeout as sleep } from "node:timers/promises";
import type { Bench } from "../bench.ts";
import { closedLoop, openLoop } from "../load/loops.ts";
import { percentile } from "../load/percentile.ts";
import { unexpected } from "../load/recorder.ts";
import { throughputGroups, withVisits } from "../load/throughput.ts";
import { openThisServer, type ThisServer } from "../sites/this-server.ts";
import type { Errors, Group, Sample, Workload } from "../workload.ts";
import { everybodyJoins, joining, type NextJoin, plentyOfSeats } from "./joins.ts";

const joinsPerSecond = 100;
/** How long the worker may take for what is left of the queue. */
const maxDrainMs = 120_000;

export const jobs: Workload = {
  name: "jobs",
  shows:
    "What jobs cost: how many a worker does in a second (mails to a mail server that keeps none, audit entries), how " +
    "soon after a join's commit its mail is begun, and what adding jobs, or doing them meanwhile, takes from the joins.",
  async prepare(bench) {
    return [await working(bench), await beginning(bench), ...(await joiningBeside(bench))];
  },
};

/** Joins leave their jobs behind; then a worker begins. */
async function working(bench: Bench): Promise<Group> {
  const site = await openThisServer(bench);
  const run = async (): Promise<Sample> => {
    await site.emptyQueue();
    const people = await site.makePeople(bench.options.joinsForJobs);
    const joined = await joinAll(bench, site, await oneSeminar(site, people));
    const total = await waitingJobs(site);
    const worker = await bench.startWorker(site.database);
    try {
      const { done, seconds } = await drain(bench, site, total);
      const errors = { ...joined, ...(await jobErrors(site)) };
      return { value: done / seconds, errors, note: `${total} jobs of ${people.length} joins` };
    } finally {
      await worker.stop();
    }
  };
  return { title: "a worker with a full queue", unit: "jobs/s", cases: [{ name: "this server's worker", run }] };
}

/** People join at a steady rate while the server's own worker does the jobs. */
async function beginning(bench: Bench): Promise<Group> {
  const site = await openThisServer(bench, { variables: { WORKER: "inline" } });
  await noteStarts(site);
  const run = async (seconds: number): Promise<Sample> => {
    await site.database.sql("truncate job_starts");
    const next = await oneSeminar(site, await site.makePeople(Math.ceil(joinsPerSecond * seconds)));
    const joined = await joinAll(bench, site, next, seconds);
    await drain(bench, site, await waitingJobs(site));
    const delays = await site.database.sql<{ ms: number }>(`
      select 1000 * extract(epoch from started_at - pg_xact_commit_timestamp(enrollments.xmin))::float as ms
      from job_starts join enrollments on enrollments.id = enrollment_id`);
    const latenciesMs = delays.map(({ ms }) => ms);
    const errors = {
      ...joined,
      ...(await jobErrors(site)),
      ...(latenciesMs.length === 0 && { "no job was begun": 1 }),
    };
    return { value: percentile(latenciesMs, 0.99), latenciesMs, errors };
  };
  const title = `from commit to the begin of the mail's job, at ${joinsPerSecond} joins a second`;
  const { program } = site;
  return { title, unit: "ms, p99", needsWarmUp: true, cases: [{ name: "worker in the server", program, run }] };
}

/** The same joins with jobs, with the worker beside them, and with the database's function for adding jobs emptied. */
async function joiningBeside(bench: Bench): Promise<Group[]> {
  const without = await openThisServer(bench, { name: "without jobs", isReference: true });
  await without.database.sql(`
    create or replace function graphile_worker.add_jobs(
      specs graphile_worker.job_spec[], job_key_preserve_run_at boolean default false
    ) returns setof graphile_worker._private_jobs language sql as
    'select * from graphile_worker._private_jobs where false'`);
  const sites = [
    await openThisServer(bench, { name: "jobs are added" }),
    await openThisServer(bench, { name: "jobs are added and done meanwhile", variables: { WORKER: "inline" } }),
    without,
  ];
  const contenders = [];
  for (const site of sites) {
    const people = await site.makePeople(bench.options.people);
    contenders.push(joining(site, () => oneSeminar(site, people)));
  }
  const groups = throughputGroups(bench, "joins/s", contenders);
  return groups.map((group) => ({ ...group, title: `joins over ${group.title}` }));
}

async function oneSeminar(site: ThisServer, people: Parameters<typeof everybodyJoins>[0]): Promise<NextJoin> {
  const [seminarId] = (await site.openSeminars(1, plentyOfSeats)) as [string];
  return everybodyJoins(people, seminarId);
}

/** @param seconds how long they take, at a steady rate; without it they are as fast as they can be */
function joinAll(bench: Bench, site: ThisServer, next: NextJoin, seconds?: number): Promise<Errors> {
  return withVisits(site, 16, async (visits) => {
    const clients = visits.map((visit) => async () => {
      const join = next();
      return join && (await visit.join(join.person, join.seminarId)).outcome;
    });
    const load = seconds
      ? openLoop(clients, joinsPerSecond, seconds, bench.signal)
      : closedLoop(clients, maxDrainMs / 1000, bench.signal);
    return unexpected((await load).outcomes, ["JOINED"]);
  });
}

/** Writes down in the database when each mail's job is begun: its payload names the enrollment. */
async function noteStarts({ database }: ThisServer): Promise<void> {
  await database.sql("create table job_starts (enrollment_id uuid, started_at timestamptz)");
  await database.sql(`
    create function note_start() returns trigger language plpgsql as $$
    begin
      insert into job_starts values ((new.payload ->> 'enrollmentId')::uuid, clock_timestamp());
      return null;
    end $$`);
  await database.sql(`
    create trigger note_start after update of locked_at on graphile_worker._private_jobs for each row
    when (old.locked_at is null and new.locked_at is not null and new.payload ->> 'enrollmentId' is not null)
    execute function note_start()`);
}

/** From the first job that is done to the last, so that the start of a worker does not count. */
async function drain(bench: Bench, site: ThisServer, total: number): Promise<{ done: number; seconds: number }> {
  const deadline = performance.now() + maxDrainMs;
  let begin: { waiting: number; at: number } | null = null;
  for (;;) {
    bench.signal.throwIfAborted();
    const waiting = await waitingJobs(site);
    const now = performance.now();
    if (waiting < total) begin ??= { waiting, at: now };
    if (waiting === 0) return { done: begin?.waiting ?? 0, seconds: (now - (begin?.at ?? now)) / 1000 };
    if (now > deadline) throw new Error(`${waiting} jobs were not done within ${maxDrainMs / 1000} s.`);
    await sleep(20);
  }
}

/** Jobs that are due and can still be done. */
async function waitingJobs({ database }: ThisServer): Promise<number> {
  const { count } = await database.one<{ count: number }>(
    "select count(*)::integer as count from graphile_worker._private_jobs where attempts < max_attempts and run_at <= now()",
  );
  return count;
}

/** Jobs that failed wait for their next attempt, or for staff. */
async function jobErrors({ database }: ThisServer): Promise<Errors> {
  const rows = await database.sql<{ error: string; count: number }>(
    "select last_error as error, count(*)::integer as count from graphile_worker._private_jobs where last_error is not null group by 1",
  );
  return Object.fromEntries(rows.map(({ error, count }) => [`job failed: ${error}`, count]));
}
