import type { EntityManager } from "@mikro-orm/postgresql";
import type { Context } from "../platform/graphql/context.ts";
import type { GroupWork } from "../platform/graphql/groups.ts";
import type { Seminar } from "../seminars/seminar.entity.ts";
import { lockSeminar, seminarById } from "../seminars/seminar.loaders.ts";

/** Serves requests under the seminar's lock: in their order, each as if it had come alone. */
type ServeAll<Request, Outcome> = (
  em: EntityManager,
  seminar: Seminar,
  requests: readonly Request[],
) => Promise<Outcome[]>;

interface Press {
  readonly seminarId: string;
  readonly serveAll: ServeAll<unknown, unknown>;
  readonly request: unknown;
}

interface Served<Outcome> {
  /** As it is after everybody who was served in the same transaction. */
  readonly seminar: Seminar;
  readonly outcome: Outcome;
}

/**
 * Serves a request under the lock of its seminar. Joins and drops of one seminar that come while an earlier transaction is
 * at work share the next one: one lock, one commit, and each one's own outcome, in the order in which they came.
 * @param serveAll it must know its own work again: it may be done once more after it was committed
 * @throws NOT_FOUND (J2)
 */
export async function standInLine<Request, Outcome>(
  context: Context,
  seminarId: string,
  serveAll: ServeAll<Request, Outcome>,
  request: Request,
): Promise<Served<Outcome>> {
  const press = { seminarId, serveAll: serveAll as ServeAll<unknown, unknown>, request };
  const served = await context.transactionInGroup(seminarLine, seminarId.toLowerCase(), press);
  context.load(seminarById).prime(served.seminar.id, served.seminar);
  return served as Served<Outcome>;
}

const seminarLine: GroupWork<Press, Served<unknown>> = {
  name: "seminarLine",
  async run(em, presses) {
    const seminar = await lockSeminar(em, (presses[0] as Press).seminarId);
    const outcomes: unknown[] = [];
    for (const { serveAll, requests } of runsOf(presses)) {
      outcomes.push(...(await serveAll(em, seminar, requests)));
      await em.refresh(seminar);
    }
    return outcomes.map((outcome) => ({ seminar, outcome }));
  },
};

/** Those who want the same thing and stand side by side are served at once. */
function runsOf(presses: readonly Press[]): { serveAll: Press["serveAll"]; requests: unknown[] }[] {
  const runs: ReturnType<typeof runsOf> = [];
  for (const { serveAll, request } of presses) {
    const last = runs.at(-1);
    if (last?.serveAll === serveAll) last.requests.push(request);
    else runs.push({ serveAll, requests: [request] });
  }
  return runs;
}
