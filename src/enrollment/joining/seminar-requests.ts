import type { EntityManager } from "@mikro-orm/postgresql";
import { lockFreeSeminars, lockSeminar } from "../../catalogue/lock-seminar.ts";
import { Seminar } from "../../catalogue/seminar.entity.ts";
import { seminarById } from "../../catalogue/seminar.loaders.ts";
import type { BatchedTransaction } from "../../platform/batching/batched-operations.ts";
import type { Context } from "../../platform/graphql/server/context.ts";

/** Serves requests for seminars whose locks are held: those of one seminar in their order, each as if it had come alone. */
type ServeAll<Request, Outcome> = (em: EntityManager, requests: readonly Request[]) => Promise<Outcome[]>;

interface Press {
  readonly seminarId: string;
  readonly serveAll: ServeAll<never, unknown>;
  readonly request: object;
}

interface Served<Outcome> {
  /** As it is after everybody who was served in the same transaction. */
  readonly seminar: Seminar;
  readonly outcome: Outcome;
}

/**
 * Serves a request under the lock of its seminar. Joins and drops that come while an earlier transaction is at work share
 * the next one: one commit, and each one's own outcome, those of one seminar in the order in which they came.
 * @param serveAll it must know its own work again: it may be done once more after it was committed
 * @throws NOT_FOUND (J2)
 */
export async function serveUnderSeminarLock<Request extends { seminar: Seminar }, Outcome>(
  context: Context,
  seminarId: string,
  serveAll: ServeAll<Request, Outcome>,
  request: Omit<Request, "seminar">,
): Promise<Served<Outcome>> {
  const served = await context.transactBatched(seminarLine, { seminarId: seminarId.toLowerCase(), serveAll, request });
  context.load(seminarById).prime(served.seminar.id, served.seminar);
  return served as Served<Outcome>;
}

const seminarLine: BatchedTransaction<Press, Served<unknown>> = {
  name: "seminarLine",
  keyOf: ({ seminarId }) => seminarId,
  async run(em, presses, locking) {
    const ids = [...new Set(presses.map(({ seminarId }) => seminarId))];
    const seminars = await (locking === "wait" ? waitForSeminar(em, ids) : lockFreeSeminars(em, ids));
    const outcomes = new Map<Press, unknown>();
    for (const { serveAll, together } of turnsOf(presses.filter(({ seminarId }) => seminars.has(seminarId)))) {
      const requests = together.map(({ request, seminarId }) => ({ ...request, seminar: seminars.get(seminarId) }));
      const results = await serveAll(em, requests as never[]);
      together.forEach((press, index) => {
        outcomes.set(press, results[index]);
      });
      await em.find(Seminar, { id: { $in: together.map(({ seminarId }) => seminarId) } }, { refresh: true });
    }
    return presses.map((press) => {
      const seminar = seminars.get(press.seminarId);
      return seminar ? { seminar, outcome: outcomes.get(press) } : null;
    });
  },
};

/** @throws NOT_FOUND */
async function waitForSeminar(em: EntityManager, [id = ""]: readonly string[]): Promise<Map<string, Seminar>> {
  return new Map([[id, await lockSeminar(em, id)]]);
}

interface Turn {
  readonly serveAll: Press["serveAll"];
  readonly together: Press[];
}

/** Of each seminar those who stand side by side and want the same take one turn, together with those of other seminars. */
function turnsOf(presses: readonly Press[]): Turn[] {
  const rounds: Press[][] = [];
  const latest = new Map<string, { serveAll: Press["serveAll"]; round: number }>();
  for (const press of presses) {
    const { seminarId, serveAll } = press;
    const before = latest.get(seminarId) ?? { serveAll, round: 0 };
    const round = before.serveAll === serveAll ? before.round : before.round + 1;
    latest.set(seminarId, { serveAll, round });
    rounds[round] = [...(rounds[round] ?? []), press];
  }
  return rounds.flatMap((round) =>
    [...Map.groupBy(round, ({ serveAll }) => serveAll)].map(([serveAll, together]) => ({ serveAll, together })),
  );
}
