import type { EntityManager } from "@mikro-orm/postgresql";
import { lockFreeSeminars, lockSeminar } from "../../catalogue/lock-seminar.ts";
import { Seminar } from "../../catalogue/seminar.entity.ts";
import { seminarById } from "../../catalogue/seminar.loaders.ts";
import type { BatchedTransaction } from "../../platform/batching/transaction-queue.ts";
import type { Context } from "../../platform/graphql/server/context.ts";
import { type DropOutcome, type DropRequest, dropAll } from "./drop-all.ts";
import { type EnrollOutcome, type EnrollRequest, enrollAll } from "./enroll-all.ts";

type WithoutLock<Request> = Omit<Request, "seminar"> & { readonly seminarId: string };
type JoinRequest = WithoutLock<EnrollRequest> & { readonly kind: "join" };
type LeaveRequest = WithoutLock<DropRequest> & { readonly kind: "drop" };
type SeminarRequest = JoinRequest | LeaveRequest;
type Outcome = EnrollOutcome | DropOutcome;

interface Served<Outcome> {
  /** As it is after all requests of the same transaction. */
  readonly seminar: Seminar;
  readonly outcome: Outcome;
}

/**
 * Enrolls somebody under the lock of the seminar, in one transaction with the other joins and drops that wait.
 * @throws NOT_FOUND (J2)
 */
export function enrollUnderLock(context: Context, request: Omit<JoinRequest, "kind">): Promise<Served<EnrollOutcome>> {
  return serve<EnrollOutcome>(context, { ...request, kind: "join" });
}

/**
 * Takes somebody out under the lock of the seminar, in one transaction with the other joins and drops that wait.
 * @throws NOT_FOUND (J2)
 */
export function dropUnderLock(context: Context, request: Omit<LeaveRequest, "kind">): Promise<Served<DropOutcome>> {
  return serve<DropOutcome>(context, { ...request, kind: "drop" });
}

async function serve<T extends Outcome>(context: Context, request: SeminarRequest): Promise<Served<T>> {
  const seminarId = request.seminarId.toLowerCase();
  const served = await context.transactBatched(seminarRequests, { ...request, seminarId });
  context.load(seminarById).prime(served.seminar.id, served.seminar);
  // The outcome of a join is that of enrollAll, the outcome of a drop that of dropAll.
  return served as Served<T>;
}

/**
 * One transaction for many requests, at most one batch of each seminar at a time. It may run again after it was
 * committed: `enrollAll` and `dropAll` recognise what they did before.
 */
const seminarRequests: BatchedTransaction<SeminarRequest, Served<Outcome>> = {
  name: "seminarLine",
  keyOf: ({ seminarId }) => seminarId,
  async run(em, requests, locking) {
    const ids = [...new Set(requests.map(({ seminarId }) => seminarId))];
    const seminars = await (locking === "wait" ? lockOne(em, ids) : lockFreeSeminars(em, ids));
    const outcomes = new Map<SeminarRequest, Outcome>();
    for (const round of roundsOf(requests.filter(({ seminarId }) => seminars.has(seminarId)))) {
      for (const [request, outcome] of await serveRound(em, round, seminars)) outcomes.set(request, outcome);
    }
    return requests.map((request) => {
      const seminar = seminars.get(request.seminarId);
      return seminar ? { seminar, outcome: outcomes.get(request) as Outcome } : null;
    });
  },
};

/** @throws NOT_FOUND */
async function lockOne(em: EntityManager, [id = ""]: readonly string[]): Promise<Map<string, Seminar>> {
  return new Map([[id, await lockSeminar(em, id)]]);
}

/** The requests in rounds: in one round each seminar has requests of one kind only, and its order is kept. */
function roundsOf(requests: readonly SeminarRequest[]): SeminarRequest[][] {
  const rounds: SeminarRequest[][] = [];
  const latest = new Map<string, { kind: SeminarRequest["kind"]; round: number }>();
  for (const request of requests) {
    const { seminarId, kind } = request;
    const before = latest.get(seminarId) ?? { kind, round: 0 };
    const round = before.kind === kind ? before.round : before.round + 1;
    latest.set(seminarId, { kind, round });
    rounds[round] = [...(rounds[round] ?? []), request];
  }
  return rounds;
}

async function serveRound(
  em: EntityManager,
  round: readonly SeminarRequest[],
  seminars: ReadonlyMap<string, Seminar>,
): Promise<[SeminarRequest, Outcome][]> {
  const locked = <Request extends SeminarRequest>(request: Request) => ({
    ...request,
    seminar: seminars.get(request.seminarId) as Seminar,
  });
  const joins = round.filter((request) => request.kind === "join");
  const drops = round.filter((request) => request.kind === "drop");
  const joined = joins.length > 0 ? await enrollAll(em, joins.map(locked)) : [];
  await refreshCounters(em, joins);
  const dropped = drops.length > 0 ? await dropAll(em, drops.map(locked)) : [];
  await refreshCounters(em, drops);
  return [
    ...joins.map((request, index): [SeminarRequest, Outcome] => [request, joined[index] as EnrollOutcome]),
    ...drops.map((request, index): [SeminarRequest, Outcome] => [request, dropped[index] as DropOutcome]),
  ];
}

/** The counters are changed by a trigger. */
async function refreshCounters(em: EntityManager, requests: readonly SeminarRequest[]): Promise<void> {
  if (requests.length === 0) return;
  await em.find(Seminar, { id: { $in: requests.map(({ seminarId }) => seminarId) } }, { refresh: true });
}
