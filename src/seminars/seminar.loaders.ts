import { type EntityManager, LockMode } from "@mikro-orm/postgresql";
import { sql } from "kysely";
import { preparedRows } from "../platform/database/prepared-rows.ts";
import { columnsOf, rowReader } from "../platform/database/read-entities.ts";
import { notFound } from "../platform/graphql/errors.ts";
import { isUuid } from "../platform/graphql/ids.ts";
import { byKey, entityById } from "../platform/graphql/loaders.ts";
import { Seminar } from "./seminar.entity.ts";

export const seminarById = entityById(Seminar);

/** Likewise, with their descriptions: for who looks at one by itself. */
export const seminarInFull = byKey<string, Seminar | null>(
  (id) => id,
  async (context, ids) => {
    const { em } = context;
    const rows = await preparedRows(
      em,
      sql<Pick<Seminar, "id" | "description">>`select ${columnsOf(em, Seminar)}, seminars.description
        from seminars where id = any(${ids}::uuid[])`,
    );
    const seminarOf = rowReader(em, Seminar);
    const seminars = new Map(
      rows.map((row) => [row.id, Object.assign(seminarOf(row), { description: row.description })]),
    );
    for (const [id, seminar] of seminars) context.load(seminarById).prime(id, seminar);
    return ids.map((id) => seminars.get(id) ?? null);
  },
);

/** The descriptions of seminars that were read without. */
export const descriptionBySeminar = byKey<string, string | null>(
  (id) => id,
  async (context, ids) => {
    const rows = await preparedRows(
      context.em,
      sql<Pick<Seminar, "id" | "description">>`select id, description from seminars where id = any(${ids}::uuid[])`,
    );
    const descriptions = new Map(rows.map(({ id, description }) => [id, description]));
    return ids.map((id) => descriptions.get(id) ?? null);
  },
);

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
