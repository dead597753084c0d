import type { EntityManager } from "@mikro-orm/postgresql";
import { lockSeminar } from "../../catalogue/lock-seminar.ts";
import type { Seminar } from "../../catalogue/seminar.entity.ts";
import { Enrollment } from "../../enrollment/enrollment.entity.ts";
import { isUuid } from "../../platform/graphql/input/ids.ts";
import type { Context } from "../../platform/graphql/server/context.ts";
import { BulkRefusalCode, type BulkResult } from "../bulk.results.ts";
import { chunksOf, inChunks, type Outcome } from "../bulk.ts";

/** Does its work on some enrollments of one seminar, whose lock is held, and tells what became of each. */
export type WorkOnEnrollments = (
  em: EntityManager,
  seminar: Seminar,
  enrollments: readonly Enrollment[],
) => Promise<readonly Outcome[]>;

/**
 * Does the same for each of several enrollments, seminar by seminar in the order of their ids, in short transactions
 * under the seminar's lock. An enrollment that is gone by then is NOT_FOUND.
 */
export async function inBulkBySeminar(
  context: Context,
  enrollmentIds: readonly string[],
  work: WorkOnEnrollments,
): Promise<BulkResult> {
  const known = await context.em.find(
    Enrollment,
    { id: { $in: enrollmentIds.filter(isUuid) } },
    { orderBy: { id: "asc" } },
  );
  const seminarIds = new Map(known.map(({ id, seminarId }) => [id, seminarId]));
  const idsBySeminar = Map.groupBy(seminarIds.keys(), (id) => seminarIds.get(id) as string);
  const chunks = [...idsBySeminar].sort(([a], [b]) => (a < b ? -1 : 1)).flatMap(([, ids]) => chunksOf(ids));
  return await inChunks(enrollmentIds, chunks, (chunk) =>
    context.transaction(async (em) => {
      const seminar = await lockSeminar(em, seminarIds.get(chunk[0] as string) as string);
      const enrollments = await em.find(Enrollment, { id: { $in: [...chunk] } }, { orderBy: { id: "asc" } });
      const outcomes = await work(em, seminar, enrollments);
      const byId = new Map(enrollments.map(({ id }, index) => [id, outcomes[index] as Outcome]));
      return chunk.map((id) => (byId.has(id) ? (byId.get(id) as Outcome) : BulkRefusalCode.NOT_FOUND));
    }),
  );
}
