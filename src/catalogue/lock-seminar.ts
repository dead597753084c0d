import { type EntityManager, LockMode } from "@mikro-orm/postgresql";
import { notFound } from "../platform/graphql/errors/errors.ts";
import { isUuid } from "../platform/graphql/input/ids.ts";
import { Seminar } from "./seminar.entity.ts";

/**
 * The seminar, locked until the end of the transaction (`select ... for update`). Whoever changes a seminar or its
 * enrollments takes this lock first, and any other lock after it.
 * @throws NOT_FOUND (J2)
 */
export async function lockSeminar(em: EntityManager, seminarId: string): Promise<Seminar> {
  const seminar = isUuid(seminarId)
    ? await em.findOne(Seminar, { id: seminarId }, { lockMode: LockMode.PESSIMISTIC_WRITE })
    : null;
  if (!seminar) throw notFound();
  return seminar;
}

/** Those of these seminars whose lock nobody holds, by id, likewise locked (`select ... for update skip locked`). */
export async function lockFreeSeminars(em: EntityManager, ids: readonly string[]): Promise<Map<string, Seminar>> {
  const lock = { orderBy: { id: "asc" }, lockMode: LockMode.PESSIMISTIC_PARTIAL_WRITE } as const;
  const seminars = await em.find(Seminar, { id: { $in: [...ids] } }, lock);
  return new Map(seminars.map((seminar) => [seminar.id, seminar]));
}
